package dev.ganglion.api.request;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.OpenAPIVersion;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Path;
import io.vertx.openapi.contract.SecurityRequirement;
import io.vertx.openapi.contract.SecurityScheme;
import io.vertx.openapi.contract.Server;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An OpenAPI document that creates each validator once. The library would create one for every parameter of every
 * request.
 */
public final class PreparedContract implements OpenAPIContract {
    private final OpenAPIContract document;
    private final SchemaRepository schemas;

    public PreparedContract(OpenAPIContract document) {
        this.document = document;
        this.schemas = PreparedSchemas.of(document);
    }

    @Override
    public SchemaRepository getSchemaRepository() {
        return schemas;
    }

    @Override
    public @Nullable Operation operation(String operationId) {
        return document.operation(operationId);
    }

    @Override
    public List<Operation> operations() {
        return document.operations();
    }

    @Override
    public List<Path> getPaths() {
        return document.getPaths();
    }

    @Override
    public JsonObject getRawContract() {
        return document.getRawContract();
    }

    @Override
    public OpenAPIVersion getVersion() {
        return document.getVersion();
    }

    @Override
    public List<Server> getServers() {
        return document.getServers();
    }

    @Override
    public @Nullable Path findPath(String urlPath) {
        return document.findPath(urlPath);
    }

    @Override
    public @Nullable Operation findOperation(String urlPath, HttpMethod method) {
        return document.findOperation(urlPath, method);
    }

    @Override
    public List<SecurityRequirement> getSecurityRequirements() {
        return document.getSecurityRequirements();
    }

    @Override
    public @Nullable SecurityScheme securityScheme(String name) {
        return document.securityScheme(name);
    }
}

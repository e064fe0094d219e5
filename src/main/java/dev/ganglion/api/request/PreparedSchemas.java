package dev.ganglion.api.request;

import io.vertx.core.file.FileSystem;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.json.schema.Validator;
import io.vertx.openapi.contract.MediaType;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of a document, with a prepared validator for each schema that requests are validated against. Creating a
 * validator copies the table of all schemas, which takes some milliseconds for a document of this size. A validator is
 * stateless and can be shared.
 */
final class PreparedSchemas implements SchemaRepository {
    /**
     * Key under which the library stores the location of a schema in the document. Shared parameters have the same
     * location.
     */
    private static final String PLACE = "__absolute_uri__";

    private final SchemaRepository all;
    private final IdentityHashMap<JsonSchema, Validator> validators = new IdentityHashMap<>();

    private PreparedSchemas(SchemaRepository all) {
        this.all = all;
    }

    /**
     * Prepares the validators of all parameters and request bodies of a document. The result does not change
     * afterwards, so any thread may read it.
     */
    static PreparedSchemas of(OpenAPIContract document) {
        PreparedSchemas prepared = new PreparedSchemas(document.getSchemaRepository());
        Map<String, Validator> placed = new HashMap<>();
        for (Operation operation : document.operations()) {
            each(
                    operation,
                    schema -> prepared.validators.put(
                            schema,
                            schema.containsKey(PLACE)
                                    ? placed.computeIfAbsent(schema.get(PLACE), place -> prepared.all.validator(schema))
                                    : prepared.all.validator(schema)));
        }
        return prepared;
    }

    private static void each(Operation operation, Consumer<JsonSchema> schemas) {
        for (Parameter parameter : operation.getParameters()) {
            schemas.accept(parameter.getSchema());
        }
        if (operation.getRequestBody() != null) {
            for (MediaType type : operation.getRequestBody().getContent().values()) {
                if (type.getSchema() != null) {
                    schemas.accept(type.getSchema());
                }
            }
        }
    }

    @Override
    public Validator validator(JsonSchema schema) {
        Validator prepared = validators.get(schema);
        return prepared == null ? all.validator(schema) : prepared;
    }

    @Override
    public Validator validator(String ref) {
        return all.validator(ref);
    }

    @Override
    public Validator validator(String ref, JsonSchemaOptions options) {
        return all.validator(ref, options);
    }

    @Override
    public Validator validator(JsonSchema schema, JsonSchemaOptions options, boolean dereference) {
        return all.validator(schema, options, dereference);
    }

    @Override
    public SchemaRepository dereference(JsonSchema schema) {
        all.dereference(schema);
        return this;
    }

    @Override
    public SchemaRepository dereference(String uri, JsonSchema schema) {
        all.dereference(uri, schema);
        return this;
    }

    @Override
    public SchemaRepository preloadMetaSchema(FileSystem files) {
        all.preloadMetaSchema(files);
        return this;
    }

    @Override
    public SchemaRepository preloadMetaSchema(FileSystem files, Draft draft) {
        all.preloadMetaSchema(files, draft);
        return this;
    }

    @Override
    public JsonObject resolve(JsonObject schema) {
        return all.resolve(schema);
    }

    @Override
    public @Nullable JsonSchema find(String pointer) {
        return all.find(pointer);
    }
}

package dev.ganglion.api.request;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import io.vertx.openapi.contract.MediaType;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import java.util.IdentityHashMap;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PreparedContractTest {
    private static final Vertx vertx = Vertx.vertx();
    private static PreparedContract contract;

    @BeforeAll
    static void read() throws Exception {
        contract = new PreparedContract(OpenAPIContract.from(vertx, "openapi.yaml")
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, SECONDS));
    }

    @AfterAll
    static void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, SECONDS);
    }

    private static Operation operation(String id) {
        return Objects.requireNonNull(contract.operation(id), id);
    }

    private static JsonSchema body(String id) {
        var content = Objects.requireNonNull(operation(id).getRequestBody()).getContent();
        return Objects.requireNonNull(content.get("application/json"), id).getSchema();
    }

    @Test
    void preparesTheValidatorOfEveryParameterAndBody() {
        for (Operation operation : contract.operations()) {
            for (Parameter parameter : operation.getParameters()) {
                assertThat(contract.getSchemaRepository().validator(parameter.getSchema()))
                        .as("%s of %s", parameter.getName(), operation.getOperationId())
                        .isSameAs(contract.getSchemaRepository().validator(parameter.getSchema()));
            }
            if (operation.getRequestBody() != null) {
                for (MediaType type : operation.getRequestBody().getContent().values()) {
                    assertThat(contract.getSchemaRepository().validator(type.getSchema()))
                            .as("the body of %s", operation.getOperationId())
                            .isSameAs(contract.getSchemaRepository().validator(type.getSchema()));
                }
            }
        }
    }

    @Test
    void sharesAValidatorOnlyBetweenEqualSchemas() {
        IdentityHashMap<Validator, JsonObject> schemas = new IdentityHashMap<>();
        for (Operation operation : contract.operations()) {
            for (Parameter parameter : operation.getParameters()) {
                JsonObject schema = plain(parameter.getSchema());
                Validator validator = contract.getSchemaRepository().validator(parameter.getSchema());
                assertThat(schemas.getOrDefault(validator, schema))
                        .as("%s of %s", parameter.getName(), operation.getOperationId())
                        .isEqualTo(schema);
                schemas.put(validator, schema);
            }
        }
        assertThat(schemas).hasSizeGreaterThan(5);
    }

    /** Returns a copy without the library's location annotations. */
    private static JsonObject plain(JsonSchema schema) {
        JsonObject plain = new JsonObject();
        for (String field : schema.fieldNames()) {
            if (!field.startsWith("__")) {
                plain.put(field, schema.<Object>get(field));
            }
        }
        return plain;
    }

    @Test
    void validatesWithTheSchemaOfTheValidator() {
        JsonObject project = new JsonObject().put("slug", "a-project").put("name", "A project");
        OutputUnit fits =
                contract.getSchemaRepository().validator(body("createProject")).validate(project);
        OutputUnit other =
                contract.getSchemaRepository().validator(body("createAgent")).validate(project);

        assertThat(fits.getValid()).isTrue();
        assertThat(other.getValid()).isFalse();
    }
}

package dev.ganglion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainProcess;
import dev.ganglion.testing.redis.RedisExtension;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the brain starts and works whatever the language of the machine is. */
@Timeout(300)
class LocaleIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Duser.language=tr",
                "-Duser.language=az -Duser.script=Latn",
                "-Duser.language=ar -Duser.country=EG",
                "-Duser.language=th -Duser.country=TH -Duser.extensions=u-nu-thai",
            })
    void servesInEveryLanguage(String options) {
        try (BrainProcess brain = BrainProcess.start(redis, options.split(" ", -1))) {
            assertThat(brain.rest().call("GET", "/readyz", null).status()).isEqualTo(200);
            String slug = "language-" + Integer.toHexString(Arrays.hashCode(options.split("=", -1)));
            brain.rest()
                    .post("/projects", new JsonObject().put("slug", slug).put("name", options))
                    .expect(201);
            assertThat(brain.rest()
                            .get("/projects/" + slug + "/tasks?state=failure")
                            .status())
                    .isEqualTo(200);
            assertThat(brain.rest().call("GET", "/metrics", null).text())
                    .contains("z4j_")
                    .matches("\\p{ASCII}*");
        }
    }
}

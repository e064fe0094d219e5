package dev.ganglion.config.listing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.config.ConfigLoader;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.config.LoadedConfig;
import dev.ganglion.config.key.ConfigKeys;
import dev.ganglion.config.source.ConfigSources;
import dev.ganglion.config.source.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReferenceTest {
    private static final Path REFERENCE = Path.of("conf/ganglion.yaml");

    @Test
    void matchesTheReferenceFileInTheRepository() throws IOException {
        assertThat(Files.readString(REFERENCE))
                .as("java -jar target/ganglion.jar config reference > conf/ganglion.yaml regenerates it")
                .isEqualTo(ConfigReference.yaml());
    }

    @Test
    void loadsToTheDefaults() {
        LoadedConfig loaded = ConfigLoader.load(ConfigSources.none().withFile(REFERENCE));

        assertThat(loaded.config()).isEqualTo(GanglionConfig.defaults());
        assertThat(loaded.settings())
                .filteredOn(setting -> setting.key().defaultText().isPresent())
                .allSatisfy(setting -> assertThat(setting.origin().kind()).isEqualTo(Origin.Kind.FILE));
    }

    @Test
    void listsEveryKeyWithItsVariable() {
        assertThat(ConfigReference.markdown().lines()).hasSize(ConfigKeys.all().size() + 2);
        assertThat(ConfigReference.markdown())
                .contains("| `agent.idle-timeout` | `GANGLION_AGENT_IDLE_TIMEOUT` | `90s` | 2s..1h | ")
                .contains("| `admin-key` | `GANGLION_ADMIN_KEY` | - | ");
    }

    @Test
    void keepsLinesWithin120Columns() {
        assertThat(ConfigReference.yaml().lines()).allMatch(line -> line.length() <= 120);
    }

    @Test
    void loadsTheYamlListingToTheSameConfiguration(@TempDir Path directory) throws IOException {
        LoadedConfig loaded = ConfigLoader.load(ConfigSources.none()
                .withFlags(Map.of(
                        "http.trusted-proxies", "::1, 10.0.0.0/8", "http.port", "0", "redis.uri", "redis://[::1]")));
        Path file = Files.writeString(directory.resolve("shown.yaml"), ConfigListing.yaml(loaded));

        assertThat(ConfigLoader.load(ConfigSources.none().withFile(file)).config())
                .isEqualTo(loaded.config());
    }

    @Test
    void masksSecretsAndNamesOriginsInTheListing() {
        LoadedConfig loaded = ConfigLoader.load(ConfigSources.none()
                .withFlags(Map.of("previous-secrets", "hunter2".repeat(5), "redis.uri", "redis://:hunter2@store")));

        assertThat(ConfigListing.text(loaded))
                .doesNotContain("hunter2")
                .containsPattern("previous-secrets +\\[REDACTED] +command line previous-secrets")
                .containsPattern("redis.uri +redis://:\\[REDACTED]@store:6379 +command line redis.uri")
                .containsPattern("admin-key +- +default");
        assertThat(ConfigListing.yaml(loaded)).doesNotContain("hunter2");
    }
}

package dev.ganglion.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.config.source.ConfigSources;
import dev.ganglion.config.value.Cidr;
import dev.ganglion.config.value.LogLevel;
import dev.ganglion.config.value.Secret;
import dev.ganglion.testing.network.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
    private static final String MASTER = "m".repeat(32);
    private static final String KEY = "z4k_" + "k".repeat(16);

    @TempDir
    Path directory;

    Path file;

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("ganglion.yaml");
    }

    @Test
    void prefersTheLaterSource() throws IOException {
        Files.writeString(file, "http:\n  port: 2\n  host: file\nlog.level: warn\nredis:\n  lanes: 2\n");

        LoadedConfig loaded = ConfigLoader.load(ConfigSources.none()
                .withPresets(Map.of("http.port", "1", "http.event-loops", "1", "redis.lanes", "1"))
                .withFile(file)
                .withEnvironment(Map.of("GANGLION_HTTP_PORT", "3", "GANGLION_HTTP_HOST", "environment"))
                .withFlags(Map.of("http.port", "4")));

        HttpConfig http = loaded.config().http();
        assertThat(List.of(http.port(), http.host(), http.connections().eventLoops()))
                .isEqualTo(List.of(4, "environment", 1));
        assertThat(loaded.config().redis().lanes()).isEqualTo(2);
        assertThat(loaded.config().observability().log().level()).isEqualTo(LogLevel.WARN);
        assertThat(loaded.origin("http.port")).hasToString("command line http.port");
        assertThat(loaded.origin("http.host")).hasToString("environment GANGLION_HTTP_HOST");
        assertThat(loaded.origin("http.event-loops")).hasToString("set by the command");
        assertThat(loaded.origin("redis.lanes")).hasToString(file + ":6");
        assertThat(loaded.origin("log.level")).hasToString(file + ":4");
        assertThat(loaded.origin("store.pause-limit")).hasToString("default");
    }

    @Test
    void ignoresEmptyFilesAndSections() throws IOException {
        Files.writeString(file, "");
        assertThat(load(file)).isEqualTo(GanglionConfig.defaults());

        Files.writeString(file, "# nothing\nhttp:\nredis: ~\nadmin-key:\nprevious-secrets:\n");
        assertThat(load(file)).isEqualTo(GanglionConfig.defaults());
    }

    @Test
    void keepsEveryScalarAsWritten() throws IOException {
        Files.writeString(
                file, "master-secret: 0x" + "1".repeat(31) + "\nlog:\n  level: 'debug'\nhttp: {port: \"8\"}\n");

        GanglionConfig config = load(file);

        assertThat(config.security().requiredMasterSecret().value()).isEqualTo("0x" + "1".repeat(31));
        assertThat(config.observability().log().level()).isEqualTo(LogLevel.DEBUG);
        assertThat(config.http().port()).isEqualTo(8);
    }

    @Test
    void parsesListsFromYamlAndFromText() throws IOException {
        Files.writeString(file, "previous-secrets:\n  - '" + "a,".repeat(20) + "'\n  - " + "b".repeat(32) + "\n");

        LoadedConfig loaded = ConfigLoader.load(ConfigSources.none()
                .withFile(file)
                .withEnvironment(Map.of("GANGLION_HTTP_TRUSTED_PROXIES", "10.0.0.0/8, ::1")));

        assertThat(loaded.config().security().previousSecrets())
                .containsExactly(Secret.of("a,".repeat(20)), Secret.of("b".repeat(32)));
        assertThat(loaded.config().http().trustedProxies()).map(Cidr::toString).containsExactly("10.0.0.0/8", "::1");
    }

    @Test
    void replacesAListWithAnEmptyOne() throws IOException {
        Files.writeString(file, "http.trusted-proxies: []\n");

        LoadedConfig loaded = ConfigLoader.load(ConfigSources.none()
                .withPresets(Map.of("http.trusted-proxies", "127.0.0.1"))
                .withFile(file));

        assertThat(loaded.config().http().trustedProxies()).isEmpty();
    }

    @Test
    void readsSecretsFromFilesWithoutTheLastLineEnd() throws IOException {
        Path master = Files.writeString(directory.resolve("master"), MASTER + "\n");
        Path admin = Files.writeString(directory.resolve("admin"), KEY + "\r\n");
        Path previous =
                Files.writeString(directory.resolve("previous"), "p".repeat(32) + "\n" + "q,".repeat(16) + "\n");
        Files.writeString(file, "master-secret-file: " + master + "\n");

        LoadedConfig loaded = ConfigLoader.load(ConfigSources.none()
                .withFile(file)
                .withEnvironment(Map.of("GANGLION_ADMIN_KEY_FILE", admin.toString()))
                .withFlags(Map.of("previous-secrets-file", previous.toString())));

        SecurityConfig security = loaded.config().security();
        assertThat(security.masterSecret()).contains(Secret.of(MASTER));
        assertThat(security.adminKey()).contains(Secret.of(KEY));
        assertThat(security.previousSecrets()).containsExactly(Secret.of("p".repeat(32)), Secret.of("q,".repeat(16)));
        assertThat(loaded.origin("admin-key")).hasToString("environment GANGLION_ADMIN_KEY_FILE");
    }

    @Test
    void doesNotReadTheSecretFileOfAnOverriddenSource() throws IOException {
        Files.writeString(file, "admin-key-file: " + directory.resolve("missing") + "\n");

        LoadedConfig loaded = ConfigLoader.load(
                ConfigSources.none().withFile(file).withEnvironment(Map.of("GANGLION_ADMIN_KEY", KEY)));

        assertThat(loaded.config().security().adminKey()).contains(Secret.of(KEY));
    }

    @Test
    void ignoresForeignVariables() {
        LoadedConfig loaded = ConfigLoader.load(ConfigSources.none()
                .withEnvironment(Map.of(
                        "GANGLION_HOME", "/somewhere",
                        "HTTP_PORT", "x",
                        "GANGLION_ADMIN_KEY", "",
                        "GANGLION_SERVICE_HOST", "10.0.0.1",
                        "GANGLION_SERVICE_PORT_HTTP", "7700",
                        "GANGLION_PORT", "tcp://10.0.0.1:7700",
                        "GANGLION_HEADLESS_PORT_7700_TCP_ADDR", "10.0.0.1")));

        assertThat(loaded.config()).isEqualTo(GanglionConfig.defaults());
    }

    @Test
    void addsTheRedisPasswordToTheUri() {
        RedisConfig redis = GanglionConfig.with(
                        Map.of("redis.uri", "rediss://brain@store:6380/2", "redis.password", "p/w d"))
                .redis();

        assertThat(redis.uri().connectionString().value()).isEqualTo("rediss://brain:p%2Fw+d@store:6380/2");
        assertThat(redis.uri()).hasToString("rediss://brain:[REDACTED]@store:6380/2");
    }

    @Test
    void enablesTlsWithCertificateAndKey() {
        Certificates files = Certificates.make(directory, "a");

        HttpConfig http = GanglionConfig.with(Map.of(
                        "http.tls.cert",
                        files.cert().toString(),
                        "http.tls.key",
                        files.key().toString()))
                .http();

        assertThat(http.tls()).contains(new TlsFiles(files.cert(), files.key()));
    }

    private static GanglionConfig load(Path file) {
        return ConfigLoader.load(ConfigSources.none().withFile(file)).config();
    }
}

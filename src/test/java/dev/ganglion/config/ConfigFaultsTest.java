package dev.ganglion.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ganglion.config.source.ConfigException;
import dev.ganglion.config.source.ConfigSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFaultsTest {
    @TempDir
    Path directory;

    @Test
    void reportsAllFaultsTogetherWithKeyValueRangeAndOrigin() throws IOException {
        Path file = file("http:\n  port: 70000\nagent:\n  idle-timeout: 90\n  hello_timeout: 5s\n");

        List<String> problems = problems(ConfigSources.none()
                .withFile(file)
                .withEnvironment(Map.of("GANGLION_REDIS_LANES", "many", "GANGLION_PORT", "7700"))
                .withFlags(Map.of("agent.max-frame-size", "5GiB", "log.level", "loud")));

        assertThat(problems)
                .containsExactlyInAnyOrder(
                        "http.port: 70000 is out of range; allowed: 0..65535 (%s:2)".formatted(file),
                        "agent.idle-timeout: 90 has no unit (d h m s ms); allowed: 2s..1h (%s:4)".formatted(file),
                        "agent.hello_timeout: unknown key, did you mean agent.hello-timeout? (%s:5)".formatted(file),
                        "redis.lanes: many is not a whole number; allowed: 1..64 (environment GANGLION_REDIS_LANES)",
                        "GANGLION_PORT: unknown variable, did you mean GANGLION_HTTP_PORT? (environment GANGLION_PORT)",
                        "agent.max-frame-size: 5GiB is out of range; allowed: 64KiB..16MiB"
                                + " (command line agent.max-frame-size)",
                        "log.level: loud is not one of the allowed values; allowed: trace, debug, info, warn, error"
                                + " (command line log.level)");
    }

    @ParameterizedTest
    @CsvSource({
        "htpp.port, http.port",
        "port, http.port",
        "security.master-secret, master-secret",
        "http.adminkey, ''",
        "agent.idletimeout, agent.idle-timeout",
        "entirely-other, ''"
    })
    void suggestsTheNearestKeyForAnUnknownOne(String unknown, String suggestion) {
        String hint = suggestion.isEmpty() ? "" : ", did you mean " + suggestion + "?";

        assertThat(problems(Map.of(unknown, "1")))
                .containsExactly("%s: unknown key%s (command line %s)".formatted(unknown, hint, unknown));
    }

    @Test
    void masksSecretsInEveryFault() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "hunter2-in-a-file");
        Path file = file("master-secrt: hunter2\nmetrics: {token: [hunter2]}\nprevious-secrets: [hunter2]\n");

        List<String> problems = problems(ConfigSources.none()
                .withFile(file)
                .withEnvironment(
                        Map.of("GANGLION_ADMIN_KEY", "hunter2", "GANGLION_MASTER_SECRET_FILE", secret.toString()))
                .withFlags(Map.of("redis.uri", "redis://:hunter2@host:port")));

        assertThat(problems).hasSize(6).noneMatch(problem -> problem.contains("hunter2"));
        assertThat(problems)
                .contains(
                        "admin-key: [REDACTED] is too short, 7 bytes; allowed: 20..256 bytes, z4k_ and printable ASCII"
                                + " (environment GANGLION_ADMIN_KEY)",
                        "master-secret: [REDACTED] is too short, 17 bytes; allowed: 32..4096 bytes"
                                + " (environment GANGLION_MASTER_SECRET_FILE)");
    }

    @Test
    void rejectsASecretThatOneSourceSetsTwice() {
        assertThat(problems(Map.of("metrics.token", "12345678", "metrics.token-file", "/nowhere")))
                .anyMatch(problem -> problem.startsWith("metrics.token: is set both as a value and as a file"));
    }

    @Test
    void namesASecretFileThatCannotBeRead() {
        Path missing = directory.resolve("missing");

        assertThat(problems(Map.of("metrics.token-file", missing.toString())))
                .containsExactly(
                        "metrics.token-file: %s cannot be read: the file does not exist (command line metrics.token-file)"
                                .formatted(missing));
    }

    @Test
    void rejectsAFileForAKeyThatIsNotSecret() {
        assertThat(problems(Map.of("http.port-file", "/nowhere")))
                .containsExactly("http.port-file: unknown key (command line http.port-file)");
    }

    @Test
    void rejectsKeysThatContradictEachOther() {
        assertThat(problems(Map.of("agent.idle-timeout", "10s", "agent.heartbeat-interval", "10s")))
                .containsExactly(
                        "agent.idle-timeout: 10s is not longer than agent.heartbeat-interval, 10s; allowed: 2s..1h"
                                + " (command line agent.idle-timeout)");
        assertThat(problems(Map.of("http.proxy-protocol", "true")))
                .containsExactly(
                        "http.proxy-protocol: true needs http.trusted-proxies, the proxies that may send the header;"
                                + " allowed: true, false (command line http.proxy-protocol)");
        assertThat(problems(Map.of("http.proxy-protocol", "yes")))
                .containsExactly("http.proxy-protocol: yes is neither true nor false; allowed: true, false"
                        + " (command line http.proxy-protocol)");
        assertThat(problems(Map.of("agent.heartbeat-interval", "1500ms")))
                .containsExactly("agent.heartbeat-interval: 1500ms is not a whole number of seconds;"
                        + " allowed: 1s..5m (command line agent.heartbeat-interval)");
        assertThat(problems(Map.of("redis.uri", "redis://:hunter2@host", "redis.password", "p")))
                .containsExactly("redis.password: [REDACTED] is set, but redis.uri already contains a password;"
                        + " allowed: 1..4096 bytes (command line redis.password)");
        assertThat(problems(Map.of("redis.uri", "redis-cluster://a,b", "redis.sentinel-password", "p")))
                .containsExactly("redis.sentinel-password: [REDACTED] is set, but redis.uri names no sentinels;"
                        + " allowed: 1..4096 bytes (command line redis.sentinel-password)");
        assertThat(problems(Map.of("redis.uri", "redis://a", "redis.tls.ca", "/nowhere.pem")))
                .containsExactly(
                        "redis.tls.ca: /nowhere.pem is not a file that can be read; allowed: PEM file"
                                + " (command line redis.tls.ca)",
                        "redis.tls.ca: /nowhere.pem needs a redis.uri that begins with rediss; allowed: PEM file"
                                + " (command line redis.tls.ca)");
    }

    @Test
    void requiresBothTlsFilesToExist() {
        assertThat(problems(Map.of("http.tls.cert", "/nowhere.pem")))
                .containsExactly(
                        "http.tls.cert: /nowhere.pem needs http.tls.key as well; allowed: PEM file"
                                + " (command line http.tls.cert)",
                        "http.tls.cert: /nowhere.pem is not a file that can be read; allowed: PEM file"
                                + " (command line http.tls.cert)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http: 1",
                "http: [port]",
                "http:\n  port: [1]",
                "http:\n  port:",
                "http:\n  port: 1\nhttp.port: 1",
                "http:\n  port: {a: 1}",
                "previous-secrets: [[a]]",
                "http: &a {tls: *a}",
                "? [a]\n: 1",
                "- http",
                "http",
                "{",
                "a: b: c",
                "a: 1\n---\nb: 1",
                "http: {<<: {port: 1}}"
            })
    void rejectsAMalformedFileAndNamesTheLine(String text) throws IOException {
        Path file = file("# first\n" + text);

        assertThat(problems(ConfigSources.none().withFile(file)))
                .hasSize(1)
                .first()
                .asString()
                .matches("(?s).*\\(%s:[2-5]\\)".formatted(file));
    }

    @Test
    void namesAFileThatCannotBeRead() throws IOException {
        Path missing = directory.resolve("missing.yaml");
        Path binary = Files.write(directory.resolve("binary.yaml"), new byte[] {(byte) 0xff, 1});

        assertThat(problems(ConfigSources.none().withFile(missing)))
                .containsExactly("%s: cannot be read: the file does not exist (%s:1)".formatted(missing, missing));
        assertThat(problems(ConfigSources.none().withFile(binary)))
                .containsExactly("%s: cannot be read: the file is not UTF-8 (%s:1)".formatted(binary, binary));
    }

    @Test
    void reportsAFaultInAnOverriddenValue() throws IOException {
        assertThat(problems(ConfigSources.none().withFile(file("http.port: no")).withFlags(Map.of("http.port", "1"))))
                .hasSize(1);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("ganglion.yaml"), text);
    }

    private static List<String> problems(Map<String, String> flags) {
        return problems(ConfigSources.none().withFlags(flags));
    }

    private static List<String> problems(ConfigSources sources) {
        return catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(sources))
                .problems();
    }
}

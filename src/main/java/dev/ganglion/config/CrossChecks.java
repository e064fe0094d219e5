package dev.ganglion.config;

import dev.ganglion.config.key.ConfigKey;
import dev.ganglion.config.key.ConfigKeys;
import dev.ganglion.config.source.ConfigProblems;
import dev.ganglion.config.source.Origin;
import dev.ganglion.config.value.IpAddress;
import dev.ganglion.config.value.RedisUri;
import dev.ganglion.config.value.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Checks the rules that concern several keys at once or the machine itself. Rules skip a key whose own value is
 * invalid.
 */
final class CrossChecks {
    private final CheckedValues values;
    private final Function<String, Origin> origin;
    private final ConfigProblems problems;

    private CrossChecks(CheckedValues values, Function<String, Origin> origin, ConfigProblems problems) {
        this.values = values;
        this.origin = origin;
        this.problems = problems;
    }

    static void check(CheckedValues values, Function<String, Origin> origin, ConfigProblems problems) {
        CrossChecks checks = new CrossChecks(values, origin, problems);
        checks.heartbeat();
        checks.tls();
        checks.redisPassword();
        checks.redisUri();
        checks.busTls();
        checks.hazelcastFile();
        checks.clusterHost();
        checks.proxyProtocol();
    }

    private void proxyProtocol() {
        boolean noProxies = values.optional(ConfigKeys.HTTP_TRUSTED_PROXIES)
                .filter(List::isEmpty)
                .isPresent();
        values.optional(ConfigKeys.HTTP_PROXY_PROTOCOL)
                .filter(on -> on && noProxies)
                .ifPresent(on -> refuse(
                        ConfigKeys.HTTP_PROXY_PROTOCOL,
                        on,
                        "needs http.trusted-proxies, the proxies that may send the header"));
    }

    private void busTls() {
        matching(ConfigKeys.CLUSTER_TLS_CERT, ConfigKeys.CLUSTER_TLS_KEY);
        values.optional(ConfigKeys.CLUSTER_TLS_CA)
                .filter(Files::isReadable)
                .ifPresent(file -> authorities(ConfigKeys.CLUSTER_TLS_CA, file));
        List<ConfigKey<Path>> all =
                List.of(ConfigKeys.CLUSTER_TLS_CERT, ConfigKeys.CLUSTER_TLS_KEY, ConfigKeys.CLUSTER_TLS_CA);
        for (ConfigKey<Path> key : all) {
            for (ConfigKey<Path> other : all) {
                values.optional(key).ifPresent(path -> pem(key, path, values.optional(other), other.name()));
            }
        }
    }

    private void hazelcastFile() {
        values.optional(ConfigKeys.CLUSTER_HAZELCAST)
                .filter(file -> !Files.isReadable(file))
                .ifPresent(file -> refuse(ConfigKeys.CLUSTER_HAZELCAST, file, "is not a file that can be read"));
    }

    private void clusterHost() {
        values.optional(ConfigKeys.CLUSTER_HOST)
                .filter(host -> IpAddress.parse(host)
                        .filter(address -> address.value().isAnyLocalAddress())
                        .isPresent())
                .ifPresent(
                        host -> refuse(ConfigKeys.CLUSTER_HOST, host, "is not an address that other nodes can reach"));
    }

    private void heartbeat() {
        Optional<Duration> interval = values.optional(ConfigKeys.AGENT_HEARTBEAT_INTERVAL);
        Optional<Duration> timeout = values.optional(ConfigKeys.AGENT_IDLE_TIMEOUT);
        if (interval.isPresent() && interval.get().toMillis() % 1000 != 0) {
            refuse(ConfigKeys.AGENT_HEARTBEAT_INTERVAL, interval.get(), "is not a whole number of seconds");
        }
        if (interval.isPresent() && timeout.isPresent() && timeout.get().compareTo(interval.get()) <= 0) {
            refuse(
                    ConfigKeys.AGENT_IDLE_TIMEOUT,
                    timeout.get(),
                    "is not longer than agent.heartbeat-interval, "
                            + ConfigKeys.AGENT_HEARTBEAT_INTERVAL.type().format(interval.get()));
        }
    }

    private void tls() {
        matching(ConfigKeys.HTTP_TLS_CERT, ConfigKeys.HTTP_TLS_KEY);
        Optional<Path> cert = values.optional(ConfigKeys.HTTP_TLS_CERT);
        Optional<Path> key = values.optional(ConfigKeys.HTTP_TLS_KEY);
        cert.ifPresent(path -> pem(ConfigKeys.HTTP_TLS_CERT, path, key, ConfigKeys.HTTP_TLS_KEY.name()));
        key.ifPresent(path -> pem(ConfigKeys.HTTP_TLS_KEY, path, cert, ConfigKeys.HTTP_TLS_CERT.name()));
    }

    /** Checks the keys that are valid only with a certain form of redis.uri. */
    private void redisUri() {
        Optional<RedisUri> uri = values.optional(ConfigKeys.REDIS_URI);
        Optional<Path> ca = values.optional(ConfigKeys.REDIS_TLS_CA);
        ca.ifPresent(path -> readable(ConfigKeys.REDIS_TLS_CA, path));
        ca.filter(Files::isReadable).ifPresent(path -> authorities(ConfigKeys.REDIS_TLS_CA, path));
        if (ca.isPresent() && uri.isPresent() && !uri.get().tls()) {
            refuse(ConfigKeys.REDIS_TLS_CA, ca.get(), "needs a redis.uri that begins with rediss");
        }
        Optional<Secret> sentinels = values.optional(ConfigKeys.REDIS_SENTINEL_PASSWORD);
        if (sentinels.isPresent() && uri.isPresent() && uri.get().kind() != RedisUri.Kind.SENTINEL) {
            refuse(ConfigKeys.REDIS_SENTINEL_PASSWORD, sentinels.get(), "is set, but redis.uri names no sentinels");
        }
    }

    private void pem(ConfigKey<Path> key, Path path, Optional<Path> twin, String twinName) {
        if (twin.isEmpty()) {
            refuse(key, path, "needs " + twinName + " as well");
        }
        readable(key, path);
    }

    /** Checks that a certificate and a key belong together. Otherwise every TLS handshake would fail. */
    private void matching(ConfigKey<Path> certKey, ConfigKey<Path> keyKey) {
        Optional<Path> cert = values.optional(certKey).filter(Files::isReadable);
        Optional<Path> key = values.optional(keyKey).filter(Files::isReadable);
        if (cert.isEmpty() || key.isEmpty()) {
            return;
        }
        try {
            TlsPair unused = TlsPair.read(new TlsFiles(cert.get(), key.get()));
        } catch (TlsPair.InvalidPairException e) {
            String text = "%s; name the PEM files of a certificate and of its key here and as %s"
                    .formatted(e.getMessage(), keyKey.name());
            problems.add(certKey.name(), text, origin.apply(certKey.name()));
        }
    }

    private void authorities(ConfigKey<Path> key, Path file) {
        TlsPair.problemOfCertificates(file)
                .ifPresent(problem -> problems.add(key.name(), problem, origin.apply(key.name())));
    }

    private void readable(ConfigKey<Path> key, Path path) {
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            refuse(key, path, "is not a file that can be read");
        }
    }

    private void redisPassword() {
        boolean inUri = values.optional(ConfigKeys.REDIS_URI)
                .flatMap(RedisUri::password)
                .isPresent();
        Optional<Secret> password = values.optional(ConfigKeys.REDIS_PASSWORD);
        if (inUri && password.isPresent()) {
            refuse(ConfigKeys.REDIS_PASSWORD, password.get(), "is set, but redis.uri already contains a password");
        }
    }

    private <T> void refuse(ConfigKey<T> key, T value, String why) {
        String text = "%s %s; allowed: %s".formatted(key.type().format(value), why, key.range());
        problems.add(key.name(), text, origin.apply(key.name()));
    }
}

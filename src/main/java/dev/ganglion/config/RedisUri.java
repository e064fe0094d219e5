package dev.ganglion.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where the store is: one Redis, a master that sentinels know, or the masters of a Redis Cluster. In text:
 *
 * <pre>
 * redis[s]://[user][:password]@host[:port][/database]
 * redis[s]-sentinel://[user][:password]@host[:port],…/master[/database]
 * redis[s]-cluster://[user][:password]@host[:port],…
 * </pre>
 *
 * @param kind what stands at the addresses
 * @param tls whether connections are encrypted ({@code rediss…}), those to sentinels too
 * @param servers the Redis, the sentinels, or some servers of the cluster; never empty
 * @param user the ACL user of Redis, if not the default one
 * @param password its password
 * @param master the name that sentinels have for the master; given for sentinels alone
 * @param database 0 where none is written, and in a cluster
 */
public record RedisUri(
        Kind kind,
        boolean tls,
        List<RedisAddress> servers,
        Optional<String> user,
        Optional<Secret> password,
        Optional<String> master,
        int database) {
    /** The port of a Redis that is written without one. */
    public static final int DEFAULT_PORT = 6379;
    /** The port of a sentinel that is written without one. */
    public static final int SENTINEL_PORT = 26_379;
    /** Addresses in one URI. */
    public static final int MAX_SERVERS = 64;

    /** What stands at the addresses. */
    public enum Kind {
        /** One Redis. */
        SERVER(""),
        /** Sentinels, to be asked for the master. */
        SENTINEL("-sentinel"),
        /** Servers of a Redis Cluster. */
        CLUSTER("-cluster");

        private final String suffix;

        Kind(String suffix) {
            this.suffix = suffix;
        }

        String scheme(boolean tls) {
            return (tls ? "rediss" : "redis") + suffix;
        }
    }

    /** Copies the list. */
    public RedisUri {
        servers = List.copyOf(servers);
    }

    /** One Redis. */
    public RedisUri(
            boolean tls, String host, int port, Optional<String> user, Optional<Secret> password, int database) {
        this(Kind.SERVER, tls, List.of(new RedisAddress(host, port)), user, password, Optional.empty(), database);
    }

    /** Reads a URI; the exception says what is wrong with it without repeating it. */
    public static RedisUri parse(String text) {
        return RedisUriText.parse(text);
    }

    /** The first host, as it is written. */
    public String host() {
        return servers.get(0).host();
    }

    /** The first port. */
    public int port() {
        return servers.get(0).port();
    }

    /** The same place with another password. */
    public RedisUri withPassword(Secret other) {
        return new RedisUri(kind, tls, servers, user, Optional.of(other), master, database);
    }

    /** One Redis at an address, with the same user, password, database and encryption. */
    public RedisUri at(RedisAddress address) {
        return new RedisUri(Kind.SERVER, tls, List.of(address), user, password, Optional.empty(), database);
    }

    /** A sentinel at an address, which has a password of its own or none. */
    public RedisUri sentinelAt(RedisAddress address, Optional<Secret> sentinelPassword) {
        return new RedisUri(
                Kind.SERVER, tls, List.of(address), Optional.empty(), sentinelPassword, Optional.empty(), 0);
    }

    /** The whole URI with its password; a secret. */
    public Secret connectionString() {
        return Secret.of(written(password.map(secret -> URLEncoder.encode(secret.value(), UTF_8))));
    }

    /** The URI with its password masked. */
    @Override
    public String toString() {
        return written(password.map(Secret::toString));
    }

    static Optional<String> decoded(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(URLDecoder.decode(text, UTF_8));
    }

    private String written(Optional<String> shownPassword) {
        String credentials = user.map(name -> URLEncoder.encode(name, UTF_8)).orElse("")
                + shownPassword.map(text -> ":" + text).orElse("");
        return kind.scheme(tls)
                + "://"
                + (credentials.isEmpty() ? "" : credentials + "@")
                + servers.stream().map(RedisAddress::toString).collect(Collectors.joining(","))
                + master.map(name -> "/" + name).orElse("")
                + (database == 0 ? "" : "/" + database);
    }
}

package dev.ganglion.config.value;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The address of Redis: a single server, a master that sentinels watch, or a Redis Cluster. The text form is:
 *
 * <pre>
 * redis[s]://[user][:password]@host[:port][/database]
 * redis[s]-sentinel://[user][:password]@host[:port],…/master[/database]
 * redis[s]-cluster://[user][:password]@host[:port],…
 * </pre>
 *
 * @param kind kind of servers at the addresses
 * @param tls whether connections use TLS ({@code rediss…}), including those to sentinels
 * @param servers the Redis server, the sentinels, or some servers of the cluster; never empty
 * @param user ACL user of Redis; empty for the default user
 * @param password password of the user
 * @param master name that the sentinels use for the master; present only for sentinels
 * @param database number of the database; 0 if none is given, and always 0 in a cluster
 */
public record RedisUri(
        Kind kind,
        boolean tls,
        List<RedisAddress> servers,
        Optional<String> user,
        Optional<Secret> password,
        Optional<String> master,
        int database) {
    /** Default port of Redis. */
    public static final int DEFAULT_PORT = 6379;
    /** Default port of a sentinel. */
    public static final int SENTINEL_PORT = 26_379;
    /** Largest number of addresses in one URI. */
    public static final int MAX_SERVERS = 64;

    /** Defines the kind of servers at the addresses. */
    public enum Kind {
        /** A single Redis server. */
        SERVER(""),
        /** Sentinels, which name the current master on request. */
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

    /** Copies the list of servers. */
    public RedisUri {
        servers = List.copyOf(servers);
    }

    /** Creates the address of a single Redis server. */
    public RedisUri(
            boolean tls, String host, int port, Optional<String> user, Optional<Secret> password, int database) {
        this(Kind.SERVER, tls, List.of(new RedisAddress(host, port)), user, password, Optional.empty(), database);
    }

    /**
     * Parses a URI.
     *
     * @throws IllegalArgumentException if the text is invalid; the message names the fault without repeating the text
     */
    public static RedisUri parse(String text) {
        return RedisUriText.parse(text);
    }

    /** Returns the host of the first server, as written. */
    public String host() {
        return servers.get(0).host();
    }

    /** Returns the port of the first server. */
    public int port() {
        return servers.get(0).port();
    }

    /** Returns a copy with another password. */
    public RedisUri withPassword(Secret other) {
        return new RedisUri(kind, tls, servers, user, Optional.of(other), master, database);
    }

    /** Returns the address of a single Redis server with the same user, password, database and TLS setting. */
    public RedisUri at(RedisAddress address) {
        return new RedisUri(Kind.SERVER, tls, List.of(address), user, password, Optional.empty(), database);
    }

    /** Returns the address of a sentinel, with the password of the sentinels if there is one. */
    public RedisUri sentinelAt(RedisAddress address, Optional<Secret> sentinelPassword) {
        return new RedisUri(
                Kind.SERVER, tls, List.of(address), Optional.empty(), sentinelPassword, Optional.empty(), 0);
    }

    /** Returns the whole URI including the password, as a secret. */
    public Secret connectionString() {
        return Secret.of(written(password.map(secret -> URLEncoder.encode(secret.value(), UTF_8))));
    }

    /** Returns the URI with the password masked. */
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

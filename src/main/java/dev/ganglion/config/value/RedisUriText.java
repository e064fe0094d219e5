package dev.ganglion.config.value;

import dev.ganglion.config.value.RedisUri.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses a {@link RedisUri}. Its exceptions do not repeat the text, which may contain a password. */
final class RedisUriText {
    private static final int MAX_PORT = 65_535;
    private static final Pattern PARTS = Pattern.compile("([a-z-]+)://(?:([^/?#]*)@)?([^@/?#]*)(?:/([^?#]*))?");
    private static final Pattern DATABASE = Pattern.compile("[0-9]{1,4}");
    private static final Pattern MASTER = Pattern.compile("[A-Za-z0-9._-]{1,200}");

    private RedisUriText() {}

    static RedisUri parse(String text) {
        // java.net.URI rejects a list of servers that contains an IPv6 address, so a pattern splits the text.
        Matcher parts = PARTS.matcher(text);
        require(parts.matches(), "is not a URI, or contains a ? or #");
        String scheme = parts.group(1);
        boolean tls = scheme.startsWith("rediss");
        Kind kind = kind(scheme, tls);
        String userInfo = parts.group(2) == null ? "" : parts.group(2);
        int colon = userInfo.indexOf(':');
        String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
        require(uri("redis://" + userInfo + "@host").getHost() != null, "contains an @ that is not written as %40");
        require(
                kind == Kind.SERVER || user.indexOf(',') < 0,
                "has a user and password after the first server; write them before it");
        String path = parts.group(4) == null ? "" : parts.group(4);
        int slash = path.indexOf('/');
        boolean sentinel = kind == Kind.SENTINEL;
        return new RedisUri(
                kind,
                tls,
                servers(kind, parts.group(3)),
                RedisUri.decoded(user),
                RedisUri.decoded(colon < 0 ? "" : userInfo.substring(colon + 1)).map(Secret::of),
                sentinel ? Optional.of(master(slash < 0 ? path : path.substring(0, slash))) : Optional.empty(),
                database(kind, !sentinel ? path : slash < 0 ? "" : path.substring(slash + 1)));
    }

    private static Kind kind(String scheme, boolean tls) {
        return Arrays.stream(Kind.values())
                .filter(each -> each.scheme(tls).equals(scheme))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("has a scheme other than redis://, redis-sentinel://,"
                        + " redis-cluster:// and the same with rediss for TLS"));
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            // The exception is not passed on as the cause, because its message repeats the text.
            throw new IllegalArgumentException("is not a URI");
        }
    }

    private static List<RedisAddress> servers(Kind kind, String text) {
        List<RedisAddress> servers = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            URI uri = uri("redis://" + (part.isEmpty() ? "_" : part));
            require(uri.getHost() != null, "names a server without a valid host name (underscores are not allowed)");
            require(uri.getPort() != 0 && uri.getPort() <= MAX_PORT, "has a port out of range");
            int usual = kind == Kind.SENTINEL ? RedisUri.SENTINEL_PORT : RedisUri.DEFAULT_PORT;
            servers.add(new RedisAddress(uri.getHost(), uri.getPort() < 0 ? usual : uri.getPort()));
        }
        require(
                kind != Kind.SERVER || servers.size() == 1,
                "lists several servers, which only -sentinel:// and -cluster:// allow");
        require(servers.size() <= RedisUri.MAX_SERVERS, "lists more than " + RedisUri.MAX_SERVERS + " servers");
        return servers;
    }

    private static String master(String name) {
        require(!name.isEmpty(), "lacks the name of the master that the sentinels watch, as in …/mymaster");
        require(
                MASTER.matcher(name).matches(),
                "has a master name with characters other than letters, digits, dots, - and _");
        return name;
    }

    private static int database(Kind kind, String text) {
        if (text.isEmpty()) {
            return 0;
        }
        require(kind != Kind.CLUSTER, "has a path, but a Redis Cluster has no databases");
        require(DATABASE.matcher(text).matches(), "has a path that is not a database number");
        return Integer.parseInt(text);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}

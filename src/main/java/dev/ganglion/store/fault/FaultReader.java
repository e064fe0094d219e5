package dev.ganglion.store.fault;

import dev.ganglion.config.RedisConfig;
import dev.ganglion.config.value.RedisUri;
import dev.ganglion.telemetry.StoreFault;
import dev.ganglion.telemetry.StoreFault.Reason;
import io.vertx.redis.client.Response;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells an operator's reason from what the Redis client reports. The texts name settings that are likely to be wrong,
 * and never repeat arguments of a command, because they may be secrets.
 */
public final class FaultReader {
    private static final Pattern CODE = Pattern.compile("(?<![A-Za-z])(WRONGPASS|NOAUTH|NOPERM|OOM|MISCONF|BUSY|LOADING"
            + "|READONLY|MASTERDOWN|CLUSTERDOWN|MOVED|ASK|TRYAGAIN|NOSCRIPT|NOREPLICAS)(?![A-Za-z])");
    /** Redis repeats the arguments of an unknown command from here on. */
    private static final Pattern ARGUMENTS = Pattern.compile(",? with args beginning with.*");

    /** The native transport begins its texts with the name of its function. */
    private static final Pattern NATIVE = Pattern.compile("^\\w+\\(\\.\\.\\) failed( with error\\(-?\\d+\\))?: ");

    private static final Pattern POSITION = Pattern.compile("^ERR \\[\\d+] ");

    private final RedisConfig config;
    private final TlsFaults tls;

    /** Creates a reader whose texts fit these settings. */
    public FaultReader(RedisConfig config) {
        this.config = config;
        this.tls = new TlsFaults(config);
    }

    /** Returns the fault that a failure of the client reports, with the server if the failure names one. */
    public StoreFault read(@Nullable Throwable failure) {
        for (@Nullable Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof StoreFaultException known) {
                return known.fault();
            }
            if (each instanceof Response) {
                return answer(String.valueOf(each.getMessage()));
            }
        }
        for (@Nullable Throwable each = failure; each != null; each = each.getCause()) {
            StoreFault fault = network(each);
            if (fault != null) {
                return fault;
            }
        }
        return StoreFault.of(Reason.ERROR, failure == null ? "unknown error" : safe(text(failure)));
    }

    /** Returns the fault that an error reply of Redis reports. */
    public StoreFault answer(String reply) {
        String first = reply.lines().findFirst().orElse("");
        String line = safe(POSITION.matcher(first).replaceFirst(""));
        Matcher code = CODE.matcher(reply);
        if (code.find()) {
            return StoreFault.of(reason(code.group(1)), line + hint(code.group(1)));
        }
        if (line.equals("CONNECTION_CLOSED") || line.contains("IOException: ") || line.contains("SocketException: ")) {
            return ended(); // the client's own reply to calls in flight
        }
        String lower = line.toLowerCase(Locale.ROOT);
        if (lower.contains("max number of clients")) {
            return StoreFault.of(Reason.TOO_MANY_CLIENTS, line + "; raise maxclients of Redis");
        }
        if (lower.contains("cluster support disabled")) {
            return StoreFault.of(Reason.WRONG_KIND, line + "; this is no Redis Cluster: use redis:// in redis.uri");
        }
        if (lower.contains("unknown command") && lower.contains("sentinel")) {
            return StoreFault.of(Reason.WRONG_KIND, line + "; this is no sentinel: use redis:// in redis.uri");
        }
        return StoreFault.of(Reason.ERROR, line);
    }

    private Reason reason(String code) {
        return switch (code) {
            case "WRONGPASS" -> Reason.WRONG_PASSWORD;
            case "NOAUTH" -> Reason.NO_PASSWORD;
            case "NOPERM" -> Reason.NO_PERMISSION;
            case "OOM" -> Reason.FULL;
            case "MISCONF" -> Reason.MISCONF;
            case "BUSY" -> Reason.BUSY;
            case "LOADING" -> Reason.LOADING;
            case "READONLY" -> Reason.READ_ONLY;
            case "NOREPLICAS" -> Reason.TOO_FEW_REPLICAS;
            case "NOSCRIPT" -> Reason.NO_SCRIPT;
            default -> inCluster() ? Reason.NO_MASTER : Reason.WRONG_KIND;
        };
    }

    private String hint(String code) {
        return switch (code) {
            case "WRONGPASS" -> "; check redis.password or redis.password-file, and the user in redis.uri";
            case "NOAUTH" -> "; set redis.password or redis.password-file";
            case "OOM" -> "; free memory or raise maxmemory of Redis";
            case "MISCONF" -> "; see the log of Redis for the cause";
            case "MOVED", "CLUSTERDOWN" ->
                inCluster() ? "" : "; the server belongs to a Redis Cluster: use redis-cluster:// in redis.uri";
            default -> "";
        };
    }

    private boolean inCluster() {
        return config.uri().kind() == RedisUri.Kind.CLUSTER;
    }

    private @Nullable StoreFault network(Throwable failure) {
        StoreFault broken = tls.read(failure);
        if (broken != null) {
            return broken;
        }
        if (failure instanceof UnknownHostException) {
            return StoreFault.of(Reason.UNKNOWN_HOST, "the host name has no address");
        }
        if (failure instanceof NoRouteToHostException) {
            return StoreFault.of(Reason.UNREACHABLE, "no route to the host");
        }
        if (failure instanceof ConnectException) {
            boolean late = text(failure).contains("timed out") || text(failure).contains("timeout");
            return late
                    ? StoreFault.of(Reason.UNREACHABLE, "the server does not accept connections in time")
                    : StoreFault.of(
                            text(failure).contains("refused") ? Reason.REFUSED : Reason.UNREACHABLE,
                            cut(text(failure)));
        }
        if (failure instanceof TimeoutException) {
            return StoreFault.of(Reason.SILENT, "does not answer");
        }
        if (failure instanceof SocketException
                || failure.getClass().getSimpleName().equals("NativeIoException")) {
            return StoreFault.of(
                    Reason.LOST, "the connection ended: " + text(failure).toLowerCase(Locale.ROOT));
        }
        if (failure instanceof ClosedChannelException || text(failure).equals("Connection is closed")) {
            return ended();
        }
        return null;
    }

    private static StoreFault ended() {
        return StoreFault.of(Reason.LOST, "the connection ended");
    }

    /** Drops the address behind the text of a failed attempt to connect, because the fault names the server. */
    private static String cut(String text) {
        int colon = text.indexOf(": ");
        return (colon < 0 ? text : text.substring(0, colon)).toLowerCase(Locale.ROOT);
    }

    static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank()
                ? failure.getClass().getSimpleName()
                : NATIVE.matcher(message).replaceFirst("");
    }

    private static String safe(String text) {
        return ARGUMENTS.matcher(text).replaceFirst("");
    }
}

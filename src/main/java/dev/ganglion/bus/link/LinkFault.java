package dev.ganglion.bus.link;

import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Turns the failure of a connection to another node into a sentence that names the cause and the remedy. */
final class LinkFault {
    private static final Pattern ALERT = Pattern.compile("fatal alert: (\\w+)", Pattern.CASE_INSENSITIVE);
    private static final String CLOSED = " closed the connection; its log may name the reason";
    private static final int MAX_MESSAGE = 200;

    private LinkFault() {}

    /** Describes why a connection could not be opened, or why it ended. */
    static String of(@Nullable Throwable failure, String address) {
        for (@Nullable Throwable each = failure; each != null; each = each.getCause()) {
            if (String.valueOf(each.getMessage()).contains("not an SSL/TLS record")) {
                return "it does not use TLS at %s; set cluster.tls.* on all nodes or on none".formatted(address);
            }
        }
        for (@Nullable Throwable each = failure; each != null; each = each.getCause()) {
            String message = String.valueOf(each.getMessage());
            if (message.toLowerCase(Locale.ROOT).contains("timed out")) {
                return "no connection to %s in time; check the network and cluster.bus-port".formatted(address);
            }
            if (each instanceof SSLException) {
                return ofTls(each, message);
            }
            if (each instanceof ConnectException) {
                return "%s refuses the connection; check cluster.bus-port and firewalls".formatted(address);
            }
        }
        if (failure == null || failure instanceof ClosedChannelException) {
            return address + CLOSED;
        }
        return "the connection to %s failed: %s".formatted(address, cut(failure));
    }

    private static String ofTls(Throwable failure, String message) {
        Matcher alert = ALERT.matcher(message);
        if (alert.find()) {
            return "it rejects the certificate of this node (%s); check cluster.tls.cert here and cluster.tls.ca there"
                    .formatted(alert.group(1).toLowerCase(Locale.ROOT));
        }
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return "this node rejects its certificate (bad_certificate: %s); check cluster.tls.ca here and cluster.tls.cert there"
                .formatted(cut(cause));
    }

    private static String cut(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) + "…" : message;
    }

    /** Whether a cause says less than another cause of the same outage would. */
    static boolean isVague(String cause) {
        return cause.endsWith(CLOSED);
    }

    /** Describes why the other node refused the hello of this node. */
    static String of(Refusal reason, String address) {
        return switch (reason) {
            case WRONG_SECRET -> WRONG_SECRET;
            case WRONG_NODE -> "another node answers at %s; the address is out of date".formatted(address);
            case MALFORMED -> "it speaks another version of the protocol between nodes; run one release on all nodes";
            default -> "%s refuses the connection: %s".formatted(address, reason.text());
        };
    }

    /** The two nodes have no common secret. */
    static final String WRONG_SECRET =
            "it has another master-secret; set the same master-secret on all nodes, and the old one as previous-secrets"
                    + " during a rotation";

    /** The other node accepted the connection, but did not complete the authentication in time. */
    static String silent(String address) {
        return "%s does not answer within %d s; if it uses cluster.tls.*, this node needs them too"
                .formatted(address, Limits.AUTHENTICATION_NANOS / 1_000_000_000L);
    }

    /** The bytes that the other node sent are no frames. */
    static String unreadable(String address) {
        return "%s does not speak the protocol between nodes; if it uses cluster.tls.*, this node needs them too"
                .formatted(address);
    }

    /** The other node no longer answers. */
    static String stuck(String address) {
        return "%s has not answered for %d s".formatted(address, Limits.SILENCE_NANOS / 1_000_000_000L);
    }

    /** The other node does not connect to this node. */
    static String oneWay(String ownAddress) {
        return "it does not reach this node at %s; check cluster.host and cluster.bus-port of this node, and firewalls"
                .formatted(ownAddress);
    }
}

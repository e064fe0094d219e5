package dev.ganglion.telemetry;

import java.util.EnumSet;
import java.util.Set;

/**
 * Says why the store cannot be used.
 *
 * @param reason kind of fault
 * @param server address of the server concerned; empty if the fault concerns no single server
 * @param detail what happened, in one line without secrets, with a hint for the operator where there is one
 */
public record StoreFault(Reason reason, String server, String detail) {
    private static final int MAX_DETAIL = 300;
    private static final Set<Reason> OF_EVERY_CALL = EnumSet.of(
            Reason.FULL,
            Reason.MISCONF,
            Reason.BUSY,
            Reason.LOADING,
            Reason.READ_ONLY,
            Reason.NO_MASTER,
            Reason.NO_PASSWORD,
            Reason.TOO_FEW_REPLICAS);

    /** Defines the kinds of faults, the most telling first. */
    public enum Reason {
        /** The server holds the data of another store, or has lost its data. */
        OTHER_STORE("other-store", true),
        /** The server does not keep writes as {@code redis.durability} demands. */
        NOT_DURABLE("not-durable", true),
        /** The server refused the user name or the password. */
        WRONG_PASSWORD("wrong-password", false),
        /** The server demands a password, and none is configured. */
        NO_PASSWORD("no-password", false),
        /** The user lacks the right to run a command. */
        NO_PERMISSION("no-permission", false),
        /** TLS failed, or only one side uses it. */
        TLS("tls", false),
        /** The server is of another kind than the scheme of {@code redis.uri} says. */
        WRONG_KIND("wrong-kind", false),
        /** The host name has no address. */
        UNKNOWN_HOST("unknown-host", false),
        /** The memory limit of the server is reached. */
        FULL("full", false),
        /** The server cannot write its files, and refuses writes. */
        MISCONF("misconf", false),
        /** The server runs a script that takes too long. */
        BUSY("busy", false),
        /** The server reads its data after a start. */
        LOADING("loading", false),
        /** The server is a replica, or replaces its master at present. */
        READ_ONLY("read-only", false),
        /** Some part of the cluster has no master, or moved to another server. */
        NO_MASTER("no-master", false),
        /** Too few replicas confirm writes. */
        TOO_FEW_REPLICAS("too-few-replicas", false),
        /** The server does not have the scripts of the brain. */
        NO_SCRIPT("no-script", false),
        /** The server accepts no further connection. */
        TOO_MANY_CLIENTS("too-many-clients", false),
        /** Nothing listens at the address. */
        REFUSED("refused", false),
        /** The network does not lead to the server, or the server does not accept connections in time. */
        UNREACHABLE("unreachable", false),
        /** The server does not answer. */
        SILENT("silent", false),
        /** The connection ended. */
        LOST("lost", false),
        /** Any other error. */
        ERROR("error", false);

        private final String label;
        private final boolean severe;

        Reason(String label, boolean severe) {
            this.label = label;
            this.severe = severe;
        }

        /** Returns the name in metrics and logs. */
        public String label() {
            return label;
        }

        /** Returns whether data may be lost, so that the log line is an error. */
        boolean severe() {
            return severe;
        }
    }

    /** Makes the detail a single line of limited length. */
    public StoreFault {
        detail = line(detail);
        server = line(server);
    }

    /** Whether a call that reports this fault says that other calls fail as well. */
    public boolean concernsEveryCall() {
        return OF_EVERY_CALL.contains(reason);
    }

    /** Creates a fault that concerns no single server. */
    public static StoreFault of(Reason reason, String detail) {
        return new StoreFault(reason, "", detail);
    }

    /** Returns the same fault of a server, unless a server is known. */
    public StoreFault at(String address) {
        return server.isEmpty() ? new StoreFault(reason, address, detail) : this;
    }

    /** Returns one sentence for operators. */
    public String sentence() {
        return server.isEmpty() ? "Redis: " + detail : "Redis at " + server + ": " + detail;
    }

    private static String line(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), MAX_DETAIL));
        for (int i = 0; i < text.length() && line.length() < MAX_DETAIL; i++) {
            char c = text.charAt(i);
            line.append(Character.isISOControl(c) ? ' ' : c);
        }
        return line.toString().strip();
    }
}

package dev.ganglion.protocol.error;

import java.time.Duration;

/**
 * The limits of the protocol. String lengths are in Unicode code points, as in the agents' library; list and map sizes
 * are in entries.
 */
public final class ProtocolLimits {
    /** Protocol version in the member {@code v} of every frame. */
    public static final int VERSION = 2;

    /** Protocol version in the member {@code protocol_version} of a hello. */
    public static final String VERSION_TEXT = "2";

    /** Default maximum size of a frame, in bytes. */
    public static final int MAX_FRAME_BYTES = 1 << 20;

    /** Maximum length of a frame's {@code id}, in code points. */
    public static final int MAX_ID = 64;

    /** Maximum length of a {@code nonce}, in code points. */
    public static final int MAX_NONCE = 32;

    /** The highest {@code seq}; a double holds every integer up to this value exactly. */
    public static final long MAX_SEQ = (1L << 53) - 1;

    /** Maximum difference between {@code ts} and the receiver's time, in either direction. */
    public static final Duration MAX_SKEW = Duration.ofMinutes(1);

    /** Maximum number of nonces that are remembered per session and direction. */
    public static final int MAX_NONCES = 4096;

    /** Time for which a nonce is remembered. */
    public static final Duration NONCE_MEMORY = Duration.ofMinutes(3);

    /** Maximum nesting depth of objects and arrays, including the frame itself. */
    public static final int MAX_DEPTH = 512;

    /** Maximum number of digits of an integer; Python's default limit. */
    public static final int MAX_INTEGER_DIGITS = 4300;

    /** Size of a signing secret and of a signature, in bytes. */
    public static final int SECRET_BYTES = 32;

    /** Maximum length of {@code agent_version} and {@code brain_version}, in code points. */
    public static final int MAX_VERSION = 40;

    /** Maximum length of {@code framework}, in code points. */
    public static final int MAX_FRAMEWORK = 40;

    /** Maximum number of entries of {@code engines}. */
    public static final int MAX_ENGINES = 64;

    /** Maximum number of entries of {@code schedulers}. */
    public static final int MAX_SCHEDULERS = 64;

    /** Most runtime features of a hello. */
    public static final int MAX_RUNTIME_FEATURES = 64;

    /** Most engine workers that the brain remembers for one session. A further one replaces the longest remembered. */
    public static final int MAX_REPORTED_WORKERS = 16;

    /** Longest name of an engine worker that a command can address, in characters. */
    public static final int MAX_WORKER_NAME = 200;

    /** Maximum length of {@code worker_id}, in code points. */
    public static final int MAX_WORKER_ID = 128;

    /** Maximum length of {@code worker_role}, in code points. */
    public static final int MAX_WORKER_ROLE = 32;

    /** The highest {@code worker_pid}. */
    public static final int MAX_WORKER_PID = Integer.MAX_VALUE;

    /** Maximum number of events in a batch. */
    public static final int MAX_EVENTS = 5000;

    /** Maximum length of {@code engine} in an event or a registry delta, in code points. */
    public static final int MAX_ENGINE = 40;

    /** Maximum length of an event's {@code task_id}, in code points. */
    public static final int MAX_TASK_ID = 200;

    /** Maximum number of bytes of a rejected event that are stored for inspection. */
    public static final int MAX_REJECTED_EVENT_BYTES = 4096;

    /** Maximum number of entries of each of {@code added}, {@code removed} and {@code updated}. */
    public static final int MAX_DELTA_ENTRIES = 10_000;

    /** Maximum length of the {@code name} of a registry entry, in code points. */
    public static final int MAX_ENTRY_NAME = 500;

    /**
     * Maximum length in code points of a command's {@code action} or {@code verb} and of an error's {@code code}. The
     * {@code code} of a command result is cut to this length.
     */
    public static final int MAX_CODE = 80;

    /**
     * Maximum length of an error's {@code message}, in code points. The {@code message} of a command result is cut to
     * this length.
     */
    public static final int MAX_MESSAGE = 8192;

    /** The highest {@code timeout_seconds} of a command. */
    public static final int MAX_TIMEOUT_SECONDS = 3600;

    /** Maximum length of {@code issued_by}, in code points. */
    public static final int MAX_ISSUED_BY = 64;

    /** Maximum length of a host name on display, in code points. */
    public static final int MAX_HOST_NAME = 253;

    /** Maximum length of a bearer token, in characters. */
    public static final int MAX_BEARER = 256;

    private ProtocolLimits() {}
}

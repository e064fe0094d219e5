package dev.ganglion.protocol;

import java.time.Duration;

/**
 * Every limit of the protocol, by name. Lengths of strings count Unicode code points, as the agents' library counts
 * them; counts of lists and maps count entries.
 */
public final class ProtocolLimits {
    /** The protocol version, as {@code v} of every frame. */
    public static final int VERSION = 2;

    /** The protocol version as {@code protocol_version} of a hello names it. */
    public static final String VERSION_TEXT = "2";

    /** Bytes of one frame, unless the configuration says otherwise. */
    public static final int MAX_FRAME_BYTES = 1 << 20;

    /** Code points of a frame's {@code id}. */
    public static final int MAX_ID = 64;

    /** Code points of a {@code nonce}. */
    public static final int MAX_NONCE = 32;

    /** The highest {@code seq}: the integers that a double holds exactly. */
    public static final long MAX_SEQ = (1L << 53) - 1;

    /** How far {@code ts} may be from now, in either direction. */
    public static final Duration MAX_SKEW = Duration.ofMinutes(1);

    /** How many nonces of a session are remembered. */
    public static final int MAX_NONCES = 4096;

    /** How long a nonce is remembered. */
    public static final Duration NONCE_MEMORY = Duration.ofMinutes(3);

    /** How deep objects and arrays may nest, the frame itself counted. */
    public static final int MAX_DEPTH = 512;

    /** Digits of an integer: what Python reads by default. */
    public static final int MAX_INTEGER_DIGITS = 4300;

    /** Bytes of a project secret and of a signature. */
    public static final int SECRET_BYTES = 32;

    /** Code points of {@code agent_version} and {@code brain_version}. */
    public static final int MAX_VERSION = 40;

    /** Code points of {@code framework}. */
    public static final int MAX_FRAMEWORK = 40;

    /** Entries of {@code engines}. */
    public static final int MAX_ENGINES = 64;

    /** Entries of {@code schedulers}. */
    public static final int MAX_SCHEDULERS = 64;

    /** Code points of {@code worker_id}. */
    public static final int MAX_WORKER_ID = 128;

    /** Code points of {@code worker_role}. */
    public static final int MAX_WORKER_ROLE = 32;

    /** The highest {@code worker_pid}. */
    public static final int MAX_WORKER_PID = Integer.MAX_VALUE;

    /** Events of one batch that a peer may send. */
    public static final int MAX_EVENTS = 5000;

    /** Code points of an event's or a delta's {@code engine}. */
    public static final int MAX_ENGINE = 40;

    /** Code points of an event's {@code task_id}. */
    public static final int MAX_TASK_ID = 200;

    /** Bytes of a rejected event that are kept for inspection. */
    public static final int MAX_REJECTED_EVENT_BYTES = 4096;

    /** Entries of {@code added}, {@code removed} and {@code updated}, each. */
    public static final int MAX_DELTA_ENTRIES = 10_000;

    /** Code points of the {@code name} of a registry entry. */
    public static final int MAX_ENTRY_NAME = 500;

    /** Code points of a command's {@code action} or {@code verb}, of an error's {@code code}, and of what is kept of a result's. */
    public static final int MAX_CODE = 80;

    /** Code points of an error's {@code message}, and of what is kept of a result's. */
    public static final int MAX_MESSAGE = 8192;

    /** The longest {@code timeout_seconds} of a command. */
    public static final int MAX_TIMEOUT_SECONDS = 3600;

    /** Code points of {@code issued_by}. */
    public static final int MAX_ISSUED_BY = 64;

    /** Code points of a host's name that are shown. */
    public static final int MAX_HOST_NAME = 253;

    /** Characters of a bearer token. */
    public static final int MAX_BEARER = 256;

    private ProtocolLimits() {}
}

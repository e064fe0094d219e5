package dev.ganglion.config.value;

/** Defines which messages are logged; each level includes the levels after it. */
public enum LogLevel {
    /** Logs everything. */
    TRACE,
    /** Logs details that help to find a fault, including stack traces on hot paths. */
    DEBUG,
    /** Logs normal operation. */
    INFO,
    /** Logs conditions that an operator should look at. */
    WARN,
    /** Logs failures. */
    ERROR
}

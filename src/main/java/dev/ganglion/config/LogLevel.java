package dev.ganglion.config;

/** How much is logged. */
public enum LogLevel {
    /** Everything. */
    TRACE,
    /** What helps to find a fault, stack traces of hot paths too. */
    DEBUG,
    /** What an operator wants to know. */
    INFO,
    /** What an operator should look at. */
    WARN,
    /** What failed. */
    ERROR
}

package dev.ganglion.config.value;

/** Defines the format of log lines. */
public enum LogFormat {
    /** Plain text for people. */
    TEXT,
    /** One JSON object per line, for programs. */
    JSON
}

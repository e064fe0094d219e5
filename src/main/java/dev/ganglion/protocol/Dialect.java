package dev.ganglion.protocol;

/**
 * The shape of a sender's frames. The protocol's published documentation and the agents' library define different
 * shapes for some frames.
 */
public enum Dialect {
    /** The shape of the published documentation: {@code command_id}, {@code ok}, {@code error {code, message}}. */
    DOCUMENTED,
    /**
     * The shape of the agents' library: the frame id is the command's id, {@code status} gives the outcome, and {@code
     * error} is a string.
     */
    LIBRARY
}

package dev.ganglion.protocol;

/** Which of the two shapes a sender uses where the published page and the agents' library differ. */
public enum Dialect {
    /** The shapes of the published page: {@code command_id}, {@code ok}, {@code error {code, message}}. */
    DOCUMENTED,
    /** The shapes of the agents' library: the frame id is the command's id, {@code status}, {@code error} a string. */
    LIBRARY
}

package dev.ganglion.event;

/**
 * How far a shard's stream is projected.
 *
 * @param entry the stream's id of a batch, {@code ms-n}
 * @param done how many events of it are projected; 0 when all are
 */
public record ProjectionPosition(String entry, int done) {
    /** Before the first batch. */
    public static final ProjectionPosition START = new ProjectionPosition("0-0", 0);

    /** As it is kept. */
    public String text() {
        return entry + "/" + done;
    }

    /** Reads one back. */
    public static ProjectionPosition of(String text) {
        int slash = text.indexOf('/');
        return new ProjectionPosition(text.substring(0, slash), Integer.parseInt(text.substring(slash + 1)));
    }
}

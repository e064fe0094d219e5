package dev.ganglion.projection;

/**
 * The position up to which a shard's stream is projected.
 *
 * @param entry stream id of a batch, {@code ms-n}
 * @param done number of the batch's events that are projected; 0 if all are
 */
public record ProjectionPosition(String entry, int done) {
    /** The position before the first batch. */
    public static final ProjectionPosition START = new ProjectionPosition("0-0", 0);

    /** Encodes the position for the store. */
    public String text() {
        return entry + "/" + done;
    }

    /** Decodes a stored position. */
    public static ProjectionPosition of(String text) {
        int slash = text.indexOf('/');
        return new ProjectionPosition(text.substring(0, slash), Integer.parseInt(text.substring(slash + 1)));
    }
}

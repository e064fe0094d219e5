package dev.ganglion.projection.run;

/** A task as its reports describe it. Not thread-safe. */
@SuppressWarnings("DoNotCallSuggester") // its methods follow
public final class Task {
    /** Creates a task without reports. */
    public Task() {}

    /** Decodes a stored task. */
    public static Task decode(byte[] record) {
        throw new UnsupportedOperationException("decode " + record.length);
    }

    /** Encodes the task for the store. */
    public byte[] encode() {
        throw new UnsupportedOperationException("encode");
    }

    /** Estimates the heap that the task occupies, in bytes. */
    public int bytes() {
        throw new UnsupportedOperationException("bytes");
    }
}

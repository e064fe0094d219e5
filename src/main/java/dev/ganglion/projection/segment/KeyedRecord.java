package dev.ganglion.projection.segment;

import dev.ganglion.projection.run.RecordWriter;
import dev.ganglion.projection.run.Task;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A task's record with the task's key, as a segment's hash holds it: the length of the key in bytes (u16, big endian),
 * the key in UTF-8, the record. The key tells which of the tasks with the same id hash the record belongs to.
 *
 * @param key the text of the task's {@code SubjectKey}
 * @param record the encoded task
 */
@SuppressWarnings("ArrayRecordComponent") // Compared nowhere; a copy per read would cost more than it protects
public record KeyedRecord(String key, byte[] record) {
    private static final int LENGTH = 2;
    private static final int U8 = 0xFF;

    /** Encodes a task with its key. The writer only keeps memory for the next task. */
    public static byte[] encode(String key, Task task, RecordWriter writer) {
        writer.clear();
        encode(key, writer);
        task.encode(writer);
        return writer.toBytes();
    }

    /** Encodes the key and the record. */
    public byte[] encode() {
        RecordWriter writer = new RecordWriter();
        encode(key, writer);
        writer.raw(record);
        return writer.toBytes();
    }

    private static void encode(String key, RecordWriter writer) {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        writer.bits(name.length >> Byte.SIZE);
        writer.bits(name.length);
        writer.raw(name);
    }

    /** Decodes a stored value. */
    public static KeyedRecord decode(byte[] bytes) {
        int end = LENGTH + (((bytes[0] & U8) << Byte.SIZE) | (bytes[1] & U8));
        return new KeyedRecord(
                new String(bytes, LENGTH, end - LENGTH, StandardCharsets.UTF_8),
                Arrays.copyOfRange(bytes, end, bytes.length));
    }
}

package dev.ganglion.projection.segment;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The field under which a segment's hash holds the record of a row: the 8 bytes of the row's id hash. If an earlier row
 * of the same segment has the same id hash ({@link Rows#SAME_HASH}), the 2 bytes of the row's number follow. So a row
 * leads to its record, and the key of a task too, in one read each. Numbers are little endian.
 */
public final class RecordField {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private RecordField() {}

    /** Returns the field of the first row of a segment that has this id hash. */
    public static byte[] of(long idHash) {
        byte[] field = new byte[Long.BYTES];
        LONG.set(field, 0, idHash);
        return field;
    }

    /** Returns the field of a further row of a segment with an id hash that an earlier row has. */
    public static byte[] of(long idHash, int row) {
        byte[] field = new byte[Long.BYTES + Short.BYTES];
        LONG.set(field, 0, idHash);
        SHORT.set(field, Long.BYTES, (short) row);
        return field;
    }

    /** Returns the field of a stored row. */
    public static byte[] of(Rows rows, int row) {
        return (rows.flags(row) & Rows.SAME_HASH) == 0 ? of(rows.idHash(row)) : of(rows.idHash(row), row);
    }
}

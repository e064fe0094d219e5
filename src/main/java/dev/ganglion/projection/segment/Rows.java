package dev.ganglion.projection.segment;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A view of fixed-width rows in an array of bytes. A row holds every column by which lists filter and sort, except
 * texts. Numbers are little endian.
 *
 * <pre>
 *  offset  type  column
 *       0  i64   hash of the task's key, see {@link IdHash}
 *       8  i64   birth: when the project first saw the task, ms since 1970; never decreases from row to row
 *      16  i64   finish, ms since 1970; 0 if the last run is open
 *      24  i32   name              }
 *      28  i32   queue             } numbers from the dictionary ({@link Terms});
 *      32  i32   worker            } 0 is none, 65,535 is "not in the dictionary"
 *      36  i32   agent             }
 *      40  i32   runtime in ms; -1 is none, capped
 *      44  i32   failure fingerprint, a number from the dictionary
 *      48  u16   engine, a number from the dictionary
 *      50  u8    state
 *      51  u8    flags
 *      52  u16   retries, capped
 *      54  u16   priority: 0 is none, 1 to 256 is the number + 1, above: 256 + the word's number from the dictionary
 * </pre>
 *
 * <p>The first two columns never change. {@link #CHANGING} is the offset of the others.
 */
public final class Rows {
    /** Size of a row. */
    public static final int BYTES = 56;
    /** Offset of the columns that may change after the row was written first. */
    public static final int CHANGING = 16;

    /** Flag: the task is lost. */
    public static final int LOST = 1;
    /** Flag: the time of an event was outside the limits and was changed. */
    public static final int CLAMPED = 2;
    /** Flag: only the sending of the task was reported. */
    public static final int SENT_ONLY = 4;
    /**
     * Flag: an earlier row of the segment has the same id hash. The record of such a row is stored under a longer
     * field, see {@link RecordField}.
     */
    public static final int SAME_HASH = 8;

    /** Value of the column {@link #runtimeMs} for a task without a runtime. */
    public static final int NO_RUNTIME = -1;
    /** Number of priorities that are numbers, 0 to 255. */
    public static final int PRIORITY_NUMBERS = 256;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int BIRTH = 8;
    private static final int FINISH = 16;
    private static final int NAME = 24;
    private static final int QUEUE = 28;
    private static final int WORKER = 32;
    private static final int AGENT = 36;
    private static final int RUNTIME = 40;
    private static final int FINGERPRINT = 44;
    private static final int ENGINE = 48;
    private static final int STATE = 50;
    private static final int FLAGS = 51;
    private static final int RETRIES = 52;
    private static final int PRIORITY = 54;
    private static final int MOST_U16 = 0xFFFF;
    private static final int MOST_U8 = 0xFF;

    private final byte[] bytes;

    private Rows(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Creates a view of stored rows. A partial row at the end is left out. The array is not copied. */
    public static Rows of(byte[] bytes) {
        return new Rows(bytes);
    }

    /** Creates empty rows. */
    public static Rows allocate(int count) {
        return new Rows(new byte[count * BYTES]);
    }

    /** Number of rows. */
    public int count() {
        return bytes.length / BYTES;
    }

    /** The bytes of all rows, not copied. */
    public byte[] bytes() {
        return bytes;
    }

    /** Returns the offset of a row in the bytes of its segment. */
    public static int offset(int row) {
        return row * BYTES;
    }

    public long idHash(int row) {
        return (long) LONG.get(bytes, row * BYTES);
    }

    public long birthMs(int row) {
        return (long) LONG.get(bytes, row * BYTES + BIRTH);
    }

    /** When the last run finished, in milliseconds since 1970; 0 if it is open. */
    public long finishMs(int row) {
        return (long) LONG.get(bytes, row * BYTES + FINISH);
    }

    public int name(int row) {
        return (int) INT.get(bytes, row * BYTES + NAME);
    }

    public int queue(int row) {
        return (int) INT.get(bytes, row * BYTES + QUEUE);
    }

    public int worker(int row) {
        return (int) INT.get(bytes, row * BYTES + WORKER);
    }

    public int agent(int row) {
        return (int) INT.get(bytes, row * BYTES + AGENT);
    }

    /** The runtime in milliseconds; {@link #NO_RUNTIME} if the task has none. */
    public int runtimeMs(int row) {
        return (int) INT.get(bytes, row * BYTES + RUNTIME);
    }

    public int fingerprint(int row) {
        return (int) INT.get(bytes, row * BYTES + FINGERPRINT);
    }

    public int engine(int row) {
        return (short) SHORT.get(bytes, row * BYTES + ENGINE) & MOST_U16;
    }

    public int state(int row) {
        return bytes[row * BYTES + STATE] & MOST_U8;
    }

    public int flags(int row) {
        return bytes[row * BYTES + FLAGS] & MOST_U8;
    }

    public int retries(int row) {
        return (short) SHORT.get(bytes, row * BYTES + RETRIES) & MOST_U16;
    }

    /** The priority: 0 for none, a number + 1 up to 256, above that a word of the dictionary. */
    public int priority(int row) {
        return (short) SHORT.get(bytes, row * BYTES + PRIORITY) & MOST_U16;
    }

    /** Returns the number from the dictionary of one kind that a row holds; {@link Terms#NONE} if it holds none. */
    public int term(Terms.Kind kind, int row) {
        return switch (kind) {
            case NAME -> name(row);
            case QUEUE -> queue(row);
            case WORKER -> worker(row);
            case AGENT -> agent(row);
            case FINGERPRINT -> fingerprint(row);
            case ENGINE -> engine(row);
            case PRIORITY -> word(priority(row));
        };
    }

    private static int word(int priority) {
        return priority == Terms.OVERFLOW ? Terms.OVERFLOW : Math.max(Terms.NONE, priority - PRIORITY_NUMBERS);
    }

    /** Writes the columns that identify a row. They never change. */
    public void identify(int row, long idHash, long birthMs) {
        LONG.set(bytes, row * BYTES, idHash);
        LONG.set(bytes, row * BYTES + BIRTH, birthMs);
    }

    public void finishMs(int row, long finishMs) {
        LONG.set(bytes, row * BYTES + FINISH, finishMs);
    }

    /** Writes the number from the dictionary of one kind. */
    public void term(Terms.Kind kind, int row, int id) {
        int at = row * BYTES;
        switch (kind) {
            case NAME -> INT.set(bytes, at + NAME, id);
            case QUEUE -> INT.set(bytes, at + QUEUE, id);
            case WORKER -> INT.set(bytes, at + WORKER, id);
            case AGENT -> INT.set(bytes, at + AGENT, id);
            case FINGERPRINT -> INT.set(bytes, at + FINGERPRINT, id);
            case ENGINE -> SHORT.set(bytes, at + ENGINE, (short) id);
            case PRIORITY -> SHORT.set(bytes, at + PRIORITY, (short) priorityOf(id));
        }
    }

    private static int priorityOf(int word) {
        return word == Terms.NONE || word == Terms.OVERFLOW ? word : PRIORITY_NUMBERS + word;
    }

    /** Writes a priority that is a number from 0 to 255. */
    public void priorityNumber(int row, int number) {
        SHORT.set(bytes, row * BYTES + PRIORITY, (short) (number + 1));
    }

    /** Writes a runtime, or {@link #NO_RUNTIME} if it is negative. Caps it at about 24 days. */
    public void runtimeMs(int row, long runtimeMs) {
        INT.set(
                bytes,
                row * BYTES + RUNTIME,
                runtimeMs < 0 ? NO_RUNTIME : (int) Math.min(runtimeMs, Integer.MAX_VALUE));
    }

    public void state(int row, int state) {
        bytes[row * BYTES + STATE] = (byte) state;
    }

    public void flags(int row, int flags) {
        bytes[row * BYTES + FLAGS] = (byte) flags;
    }

    /** Writes the number of retries, at most 65,535. */
    public void retries(int row, long retries) {
        SHORT.set(bytes, row * BYTES + RETRIES, (short) Math.min(retries, MOST_U16));
    }
}

package dev.ganglion.projection.run;

import dev.ganglion.protocol.json.CanonicalObject;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The members of an event's data that say something about a task, in the order of canonical JSON. */
enum DataField {
    ARGS(0),
    EXCEPTION(1),
    EXCEPTION_MESSAGE(2),
    HOSTNAME(3),
    KWARGS(4),
    NAME(5),
    PARENT_ID(6),
    PARENT_TASK_ID(7),
    PRIORITY(8),
    QUEUE(9),
    REASON(10),
    RESULT(11),
    RETRIES(12),
    ROOT_ID(13),
    ROOT_TASK_ID(14),
    RUNTIME(15),
    RUNTIME_MS(16),
    TASK_NAME(17),
    TRACEBACK(18),
    WORKER(19),
    WORKER_NAME(20);

    private static final int LONGEST = 17;
    private static final DataField[][] BY_LENGTH = new DataField[LONGEST + 1][];

    static {
        for (int length = 0; length <= LONGEST; length++) {
            int wanted = length;
            BY_LENGTH[length] = Arrays.stream(values())
                    .filter(field -> field.key.length() == wanted)
                    .toArray(DataField[]::new);
        }
    }

    private final int bit;
    private final String key = name().toLowerCase(Locale.ROOT);
    private final long word = CanonicalObject.keyWord(key);

    DataField(int number) {
        this.bit = 1 << number;
    }

    /** The bit of the field in a set of fields. A field that comes later in canonical JSON has a higher bit. */
    int bit() {
        return bit;
    }

    /** The field at the iterator's position; null for any other member. */
    static @Nullable DataField at(CanonicalObject data) {
        int length = data.keyLength();
        if (length <= LONGEST) {
            long word = data.keyWord();
            for (DataField field : BY_LENGTH[length]) {
                if (field.word == word && (length <= Long.BYTES || data.keyIs(field.key))) {
                    return field;
                }
            }
        }
        return null;
    }
}

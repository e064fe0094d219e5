package dev.ganglion.projection.run;

import dev.ganglion.protocol.json.CanonicalObject;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The members of an event's data that say something about a task. */
enum DataField {
    TASK_NAME(0),
    NAME(1),
    QUEUE(2),
    WORKER(3),
    HOSTNAME(4),
    WORKER_NAME(5),
    PRIORITY(6),
    ARGS(7),
    KWARGS(8),
    RETRIES(9),
    RUNTIME(10),
    RUNTIME_MS(11),
    RESULT(12),
    EXCEPTION(13),
    EXCEPTION_MESSAGE(14),
    TRACEBACK(15),
    REASON(16),
    PARENT_TASK_ID(17),
    PARENT_ID(18),
    ROOT_TASK_ID(19),
    ROOT_ID(20);

    static final int COUNT = values().length;

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

    private final int slot;
    private final String key = name().toLowerCase(Locale.ROOT);

    DataField(int slot) {
        this.slot = slot;
    }

    /** Number of the field, from 0 to {@link #COUNT} - 1. */
    int slot() {
        return slot;
    }

    /** The field at the iterator's position; null for any other member. */
    static @Nullable DataField at(CanonicalObject data) {
        int length = data.keyLength();
        if (length <= LONGEST) {
            for (DataField field : BY_LENGTH[length]) {
                if (data.keyIs(field.key)) {
                    return field;
                }
            }
        }
        return null;
    }
}

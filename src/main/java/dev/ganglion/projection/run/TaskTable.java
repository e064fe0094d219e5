package dev.ganglion.projection.run;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.projection.task.SubjectKey;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A hash table of values by task, in the order in which they were last used. Finds the task of an event by the event's
 * bytes, so that the task's id need not be decoded. Not thread-safe.
 *
 * @param <V> what the table holds for each task
 */
public final class TaskTable<V> {
    private static final int FIRST_SLOTS = 64;
    private static final int MAX_SLOTS = 1 << 30;

    private static final class Entry<V> {
        private final SubjectKey key;
        private final int hash;
        private V value;
        private @Nullable Entry<V> next;
        private @Nullable Entry<V> older;
        private @Nullable Entry<V> younger;

        private Entry(SubjectKey key, int hash, V value) {
            this.key = key;
            this.hash = hash;
            this.value = value;
        }
    }

    private @Nullable Entry<V>[] slots = slots(FIRST_SLOTS);
    private @Nullable Entry<V> oldest;
    private @Nullable Entry<V> youngest;
    private int size;

    @SuppressWarnings({"unchecked", "rawtypes"}) // An array of a generic type cannot be created.
    private static <V> @Nullable Entry<V>[] slots(int count) {
        return new Entry[count];
    }

    /** The hash of a task's key. */
    static int hash(SubjectKey key) {
        byte[] name = key.name().getBytes(StandardCharsets.UTF_8);
        return hash(key.engine(), name, 0, name.length);
    }

    /** The hash of the key of a task whose id in UTF-8 is {@code [start, end)}. */
    static int hash(String engine, byte[] bytes, int start, int end) {
        return (int) (TextHash.of(bytes, start, end) >>> (TextHash.BITS - Integer.SIZE)) ^ engine.hashCode();
    }

    /** Returns the value of the event's task, and makes it the youngest; null if there is none. */
    public @Nullable V get(TaskEvent event) {
        int hash = event.taskHash();
        Entry<V> entry = slots[hash & (slots.length - 1)];
        while (entry != null && (entry.hash != hash || !event.isAbout(entry.key))) {
            entry = entry.next;
        }
        return used(entry);
    }

    /** Returns the value of a task, and makes it the youngest; null if there is none. */
    public @Nullable V get(SubjectKey key) {
        return used(find(key, hash(key)));
    }

    private @Nullable Entry<V> find(SubjectKey key, int hash) {
        Entry<V> entry = slots[hash & (slots.length - 1)];
        while (entry != null && (entry.hash != hash || !entry.key.equals(key))) {
            entry = entry.next;
        }
        return entry;
    }

    private @Nullable V used(@Nullable Entry<V> entry) {
        if (entry == null) {
            return null;
        }
        if (entry != youngest) {
            unlink(entry);
            link(entry);
        }
        return entry.value;
    }

    /** Puts a value, and makes it the youngest. Returns the value that it replaces; null if there is none. */
    @CanIgnoreReturnValue
    public @Nullable V put(SubjectKey key, V value) {
        int hash = hash(key);
        Entry<V> known = find(key, hash);
        if (known != null) {
            V before = used(known);
            known.value = value;
            return before;
        }
        if (size >= slots.length && slots.length < MAX_SLOTS) {
            grow();
        }
        Entry<V> entry = new Entry<>(key, hash, value);
        insert(entry);
        link(entry);
        size++;
        return null;
    }

    private void grow() {
        slots = slots(slots.length * 2);
        for (Entry<V> entry = oldest; entry != null; entry = entry.younger) {
            insert(entry);
        }
    }

    private void insert(Entry<V> entry) {
        int slot = entry.hash & (slots.length - 1);
        entry.next = slots[slot];
        slots[slot] = entry;
    }

    private void link(Entry<V> entry) {
        entry.older = youngest;
        entry.younger = null;
        if (youngest == null) {
            oldest = entry;
        } else {
            youngest.younger = entry;
        }
        youngest = entry;
    }

    private void unlink(Entry<V> entry) {
        if (entry.older == null) {
            oldest = entry.younger;
        } else {
            entry.older.younger = entry.younger;
        }
        if (entry.younger == null) {
            youngest = entry.older;
        } else {
            entry.younger.older = entry.older;
        }
    }

    /** Removes the value that was last used the longest time ago, and returns it; null if the table is empty. */
    public @Nullable V removeOldest() {
        Entry<V> removed = oldest;
        if (removed == null) {
            return null;
        }
        int slot = removed.hash & (slots.length - 1);
        Entry<V> before = slots[slot];
        if (before == removed) {
            slots[slot] = removed.next;
        } else {
            while (before != null && before.next != removed) {
                before = before.next;
            }
            Objects.requireNonNull(before).next = removed.next;
        }
        unlink(removed);
        size--;
        return removed.value;
    }

    /** Number of tasks. */
    public int size() {
        return size;
    }

    /** Removes all values. */
    public void clear() {
        slots = slots(FIRST_SLOTS);
        oldest = null;
        youngest = null;
        size = 0;
    }
}

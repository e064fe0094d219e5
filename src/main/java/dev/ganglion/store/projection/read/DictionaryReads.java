package dev.ganglion.store.projection.read;

import dev.ganglion.projection.segment.Terms;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.HashReader;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Translates texts into the numbers of a project's dictionary. The store maps numbers to texts, so a reader keeps a copy
 * of the dictionary in memory and confirms each number that it takes from the copy with one call. It reads the
 * dictionary again if the copy lacks a text. Copies of at most {@value #MOST_BYTES} bytes are kept. Thread-safe.
 */
final class DictionaryReads {
    /** Most bytes of all copies together, by an estimate. */
    static final long MOST_BYTES = 16L << 20;

    private static final int ENTRY_BYTES = 120;
    /** A dictionary with more texts than this is read at most once a second. */
    private static final int LARGE = 10_000;

    private static final long LARGE_AGE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final SharedLine line;
    private final Ticker ticker;
    private final Map<String, Copy> copies = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, Future<Copy>> reading = new HashMap<>();
    private long heldBytes;

    DictionaryReads(SharedLine line, Ticker ticker) {
        this.line = line;
        this.ticker = ticker;
    }

    /** A copy of a project's dictionary. */
    private static final class Copy {
        private final Map<Terms.Kind, Map<String, Integer>> numbers = new EnumMap<>(Terms.Kind.class);
        private final int size;
        private final long readAt;
        private long bytes;

        private Copy(Map<String, String> fields, long readAt) {
            this.size = fields.size();
            this.readAt = readAt;
            for (Terms.Kind kind : Terms.Kind.values()) {
                numbers.put(kind, new HashMap<>());
            }
            fields.forEach((field, text) -> {
                Terms.Term term = Terms.Term.of(field);
                of(term.kind()).put(text, term.id());
                bytes += ENTRY_BYTES + 2L * text.length();
            });
        }

        private Map<String, Integer> of(Terms.Kind kind) {
            return Objects.requireNonNull(numbers.get(kind));
        }

        private boolean isNew(long now) {
            return size > LARGE && now - readAt < LARGE_AGE_NANOS;
        }

        private boolean hasAll(Map<Terms.Kind, Set<String>> texts) {
            return texts.entrySet().stream()
                    .allMatch(kind -> of(kind.getKey()).keySet().containsAll(kind.getValue()));
        }

        private Map<Terms.Kind, BitSet> find(Map<Terms.Kind, Set<String>> texts) {
            Map<Terms.Kind, BitSet> found = new EnumMap<>(Terms.Kind.class);
            texts.forEach((kind, asked) -> {
                BitSet set = new BitSet();
                asked.forEach(text -> {
                    Integer number = of(kind).get(text);
                    if (number != null) {
                        set.set(number);
                    }
                });
                set.set(Terms.OVERFLOW); // rows from the time when the dictionary had no room for a text
                found.put(kind, set);
            });
            return found;
        }
    }

    /** Returns the numbers that rows may hold for these texts. */
    Future<Map<Terms.Kind, BitSet>> numbers(String projectId, Map<Terms.Kind, Set<String>> texts) {
        if (texts.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        Copy copy = kept(projectId);
        if (copy == null || (!copy.hasAll(texts) && !copy.isNew(ticker.nanos()))) {
            return read(projectId).map(read -> read.find(texts));
        }
        return confirm(projectId, copy, texts)
                .compose(current -> current ? Future.succeededFuture(copy) : read(projectId))
                .map(confirmed -> confirmed.find(texts));
    }

    /** Whether the numbers that a copy has of these texts still stand for them. */
    private Future<Boolean> confirm(String projectId, Copy copy, Map<Terms.Kind, Set<String>> texts) {
        List<String> expected = new ArrayList<>();
        Arguments request = Arguments.of(Command.HMGET)
                .add(RedisKeys.Projection.of(projectId).terms());
        texts.forEach((kind, asked) -> asked.forEach(text -> {
            Integer number = copy.of(kind).get(text);
            if (number != null) {
                request.add(kind.field(number));
                expected.add(text);
            }
        }));
        if (expected.isEmpty()) {
            return Future.succeededFuture(true);
        }
        return line.send(request.request()).map(reply -> {
            for (int i = 0; i < expected.size(); i++) {
                Response text = reply.get(i);
                if (text == null || !text.toString(StandardCharsets.UTF_8).equals(expected.get(i))) {
                    return false;
                }
            }
            return true;
        });
    }

    private synchronized @Nullable Copy kept(String projectId) {
        return copies.get(projectId);
    }

    /** Reads a dictionary. Callers that arrive meanwhile share the next reading, which contains all that they know of. */
    private synchronized Future<Copy> read(String projectId) {
        Future<Copy> current = reading.get(projectId);
        if (current != null) {
            return current;
        }
        long now = ticker.nanos();
        Future<Copy> read = new HashReader(line)
                .all(RedisKeys.Projection.of(projectId).terms())
                .map(fields -> new Copy(fields, now));
        reading.put(projectId, read);
        return read.onComplete(done -> keep(projectId, done.succeeded() ? done.result() : null));
    }

    private synchronized void keep(String projectId, @Nullable Copy copy) {
        reading.remove(projectId);
        if (copy == null) {
            return;
        }
        Copy before = copies.put(projectId, copy);
        heldBytes += copy.bytes - (before == null ? 0 : before.bytes);
        var oldest = copies.entrySet().iterator();
        while (heldBytes > MOST_BYTES && oldest.hasNext()) {
            heldBytes -= oldest.next().getValue().bytes;
            oldest.remove();
        }
    }
}

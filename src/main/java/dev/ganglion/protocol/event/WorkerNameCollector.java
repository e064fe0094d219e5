package dev.ganglion.protocol.event;

import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.json.ByteWords;
import dev.ganglion.protocol.json.CanonicalObject;
import dev.ganglion.protocol.json.CanonicalStringReader;
import dev.ganglion.protocol.json.Tape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Collects the engine workers that the events of a batch name, during the checks. These names tell which process of an
 * agent runs which worker. Celery's names are left out, because each of its processes reports all workers of a broker.
 * Comparisons use the bytes on the tape; strings are created once per distinct name.
 */
public final class WorkerNameCollector {
    private static final long CELERY = word("celery");
    private static final long TASK = word("task.");
    private static final long WORKER_EVENT = word("worker.");
    private static final long SENT = word("sent");
    private static final long REVOKED = word("revoked");
    private static final long WORKER = word("worker");
    private static final long HOSTNAME = word("hostname");
    private static final long QUOTED_WORKER = word("\"worker\"");

    private final Tape tape;
    /** Positions of the engines on the tape; empty until an event names a worker. */
    private int[] engines = {};
    /** Bounds of the names, with quotes. */
    private int[] starts = {};

    private int[] ends = {};
    private int count;
    private int nameStart;
    private int nameEnd;

    public WorkerNameCollector(Tape tape) {
        this.tape = tape;
    }

    private static long word(String text) {
        byte[] bytes = new byte[Long.BYTES];
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, bytes, 0, ascii.length);
        return ByteWords.load(bytes, 0);
    }

    /**
     * Notes the worker that an event names, if its kind is one that the worker itself reports. A task is sent and revoked
     * by other processes. The arguments are the positions of three values on the tape; {@code data} is 0 if absent.
     */
    public void add(int engine, int kind, int data) {
        if (data == 0 || is(engine, CELERY, 6) || !isOfWorker(kind) || !findName(data)) {
            return;
        }
        for (int i = 0; i < count; i++) {
            if (same(starts[i], ends[i], nameStart, nameEnd)
                    && same(tape.start(engines[i]), tape.end(engines[i]), tape.start(engine), tape.end(engine))) {
                return;
            }
        }
        if (starts.length == 0) {
            engines = new int[ProtocolLimits.MAX_REPORTED_WORKERS];
            starts = new int[ProtocolLimits.MAX_REPORTED_WORKERS];
            ends = new int[ProtocolLimits.MAX_REPORTED_WORKERS];
        }
        if (count < starts.length) {
            engines[count] = engine;
            starts[count] = nameStart;
            ends[count++] = nameEnd;
        }
    }

    /** The distinct workers, in the order of their first events. */
    public List<EngineWorkerName> workers() {
        if (count == 0) {
            return List.of();
        }
        List<EngineWorkerName> workers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String name = CanonicalStringReader.decode(tape.bytes, starts[i], ends[i]);
            if (name.codePointCount(0, name.length()) <= ProtocolLimits.MAX_WORKER_NAME) {
                String engine = CanonicalStringReader.decode(tape.bytes, tape.start(engines[i]), tape.end(engines[i]));
                workers.add(new EngineWorkerName(engine, name));
            }
        }
        return workers;
    }

    private boolean isOfWorker(int kind) {
        int start = tape.start(kind) + 1;
        int length = tape.end(kind) - 1 - start;
        if (length > 7 && (ByteWords.load(tape.bytes, start) & ByteWords.lowBytes(7)) == WORKER_EVENT) {
            return true;
        }
        if (length <= 5 || (ByteWords.load(tape.bytes, start) & ByteWords.lowBytes(5)) != TASK) {
            return false;
        }
        long what = ByteWords.load(tape.bytes, start + 5) & ByteWords.lowBytes(Math.min(length - 5, Long.BYTES));
        return what != SENT && what != REVOKED;
    }

    /** Finds the worker's name in the event's data: {@code worker}, otherwise {@code hostname}. */
    private boolean findName(int data) {
        nameStart = 0;
        int start = tape.start(data);
        if (start < 0) {
            findInNode(~start);
        } else if (mayNameWorker(start, tape.end(data))) {
            findInSlice(start, tape.end(data));
        }
        return nameStart != 0;
    }

    /** Searches from the end, because {@code worker} is among the last keys in canonical order. */
    private boolean mayNameWorker(int start, int end) {
        for (int at = end - Long.BYTES; at > start; at--) {
            long word = ByteWords.load(tape.bytes, at);
            if (word == QUOTED_WORKER || word == HOSTNAME) {
                return true;
            }
        }
        return false;
    }

    private void findInSlice(int start, int end) {
        CanonicalObject object = new CanonicalObject(tape.bytes, start, end);
        while (object.next()) {
            if (object.keyIs("worker") || (nameStart == 0 && object.keyIs("hostname"))) {
                note(object.valueStart(), object.valueEnd());
            }
        }
    }

    private void findInNode(int node) {
        int last = node + Tape.HEADER + tape.count(node) * Tape.MEMBER;
        for (int at = node + Tape.HEADER; at < last; at += Tape.MEMBER) {
            if (is(at, WORKER, 6) || (nameStart == 0 && is(at, HOSTNAME, 8))) {
                note(tape.start(at + 1), tape.end(at + 1));
            }
        }
    }

    /** Notes a value if it is a text that is not empty. */
    private void note(int start, int end) {
        if (start >= 0 && tape.bytes[start] == '"' && end - start > 2) {
            nameStart = start;
            nameEnd = end;
        }
    }

    /** Whether the text at this position equals a word of this many bytes. */
    private boolean is(int at, long word, int bytes) {
        int start = tape.start(at) + 1;
        return tape.end(at) - 1 - start == bytes
                && (ByteWords.load(tape.bytes, start) & ByteWords.lowBytes(bytes)) == word;
    }

    private boolean same(int start, int end, int otherStart, int otherEnd) {
        return Arrays.equals(tape.bytes, start, end, tape.bytes, otherStart, otherEnd);
    }
}

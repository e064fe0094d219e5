package dev.ganglion.store.stream;

import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a shard's batches from newest to oldest, a few at a time, starting where the previous page ended. Payloads are
 * read when they are needed, so that the reader holds few bytes however large they are.
 *
 * <p>A position is {@code *} (the newest batch), {@code id/n} (the first n events of the batch with this id remain),
 * {@code <id} (all batches older than this id remain) or {@code .} (nothing remains).
 */
public final class BackwardStreamReader {
    private static final int CHUNK = 64;
    private static final Pattern POSITION =
            Pattern.compile("\\*|\\.|([1-9]\\d{0,15}-\\d{1,16})/(\\d{1,9})|<([1-9]\\d{0,15}-\\d{1,16})");

    private final SharedLine line;
    private final RedisKeys.Shard shard;
    /** Batches that follow. The first of them may have their payloads, the others do not have them yet. */
    private final Deque<StreamEntry> read = new ArrayDeque<>();

    private String end;
    private boolean exhausted;
    private String position;
    private int within = Integer.MAX_VALUE;

    /** Creates a reader at a position. Returns null if the text is not a position. */
    public static @Nullable BackwardStreamReader from(SharedLine line, RedisKeys.Shard shard, String position) {
        Matcher matcher = POSITION.matcher(position);
        return matcher.matches() ? new BackwardStreamReader(line, shard, position, matcher) : null;
    }

    private BackwardStreamReader(SharedLine line, RedisKeys.Shard shard, String position, Matcher matcher) {
        this.line = line;
        this.shard = shard;
        this.position = position;
        this.exhausted = position.equals(".");
        if (matcher.group(1) != null) {
            end = matcher.group(1);
            within = Integer.parseInt(matcher.group(2));
        } else {
            end = matcher.group(3) != null ? "(" + matcher.group(3) : "+";
        }
    }

    /** Reads ahead, so that {@link #head} returns the next batch if there is one, maybe without its payload. */
    public Future<Void> fill() {
        if (exhausted || !read.isEmpty()) {
            return Future.succeededFuture();
        }
        return line.send(Request.cmd(Command.XREVRANGE)
                        .arg(shard.events())
                        .arg(end)
                        .arg("-")
                        .arg("COUNT")
                        .arg(CHUNK))
                .compose(reply -> {
                    reply.forEach(each -> read.add(StreamEntry.of(each)));
                    if (read.isEmpty()) {
                        exhausted = true;
                        position = ".";
                    } else {
                        end = "(" + read.getLast().id();
                    }
                    return Future.succeededFuture();
                });
    }

    /**
     * Reads the payload of the head, and of some batches behind it, up to {@code maxBytes} in total. Drops the head if its
     * payload expired before the stream was trimmed. The future returns whether the head now has its payload.
     */
    public Future<Boolean> load(long maxBytes) {
        StreamEntry head = read.peek();
        if (head == null || head.payload() != null) {
            return Future.succeededFuture(head != null);
        }
        List<StreamEntry> wanted = new ArrayList<>();
        long bytes = 0;
        for (StreamEntry entry : read) {
            if (entry.payload() == null) {
                bytes += entry.size().events();
                if (!wanted.isEmpty() && bytes > maxBytes) {
                    break;
                }
                wanted.add(entry);
            }
        }
        List<Request> requests = new ArrayList<>();
        wanted.forEach(entry -> requests.add(Request.cmd(Command.GET).arg(Objects.requireNonNull(entry.payloadKey()))));
        return line.batch(requests).map(replies -> {
            adopt(wanted, replies);
            StreamEntry first = read.peek();
            return first != null && first.id().equals(head.id());
        });
    }

    private void adopt(List<StreamEntry> wanted, List<Response> payloads) {
        Map<String, Response> found = new HashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            found.put(wanted.get(i).id(), payloads.get(i));
        }
        List<StreamEntry> all = List.copyOf(read);
        read.clear();
        for (StreamEntry entry : all) {
            Response payload = found.get(entry.id());
            if (payload != null) {
                read.add(entry.with(payload.toBuffer()));
            } else if (!found.containsKey(entry.id())) {
                read.add(entry);
            }
        }
    }

    public @Nullable StreamEntry head() {
        return read.peek();
    }

    /** Number of events of the head that remain, counted from its first. */
    public int within() {
        return within;
    }

    /** Records that the head was read down to its first {@code rest} events. */
    public void readTo(StreamEntry head, int rest) {
        if (rest == 0) {
            position = "<" + head.id();
            within = Integer.MAX_VALUE;
            read.poll();
        } else {
            position = head.id() + "/" + rest;
            within = rest;
        }
    }

    public String position() {
        return position;
    }

    boolean done() {
        return exhausted && read.isEmpty();
    }
}

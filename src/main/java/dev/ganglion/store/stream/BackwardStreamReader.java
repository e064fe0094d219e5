package dev.ganglion.store.stream;

import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a shard's batches from newest to oldest, a few at a time, starting where the previous page ended.
 *
 * <p>A position is {@code *} (the newest batch), {@code id/n} (the first n events of the batch with this id remain),
 * {@code <id} (all batches older than this id remain) or {@code .} (nothing remains).
 */
public final class BackwardStreamReader {
    private static final int CHUNK = 16;
    private static final Pattern POSITION =
            Pattern.compile("\\*|\\.|([1-9]\\d{0,15}-\\d{1,16})/(\\d{1,9})|<([1-9]\\d{0,15}-\\d{1,16})");

    private final SharedLine line;
    private final RedisKeys.Shard shard;
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

    /** Reads ahead, so that {@link #head} returns the next batch if there is one. */
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
                    List<StreamEntry> entries = new ArrayList<>();
                    reply.forEach(each -> entries.add(StreamEntry.of(each)));
                    if (entries.isEmpty()) {
                        exhausted = true;
                        position = ".";
                        return Future.succeededFuture();
                    }
                    end = "(" + entries.get(entries.size() - 1).id();
                    return payloads(entries);
                });
    }

    private Future<Void> payloads(List<StreamEntry> entries) {
        List<Request> requests = new ArrayList<>();
        for (StreamEntry entry : entries) {
            if (entry.payloadKey() != null) {
                requests.add(Request.cmd(Command.GET).arg(entry.payloadKey()));
            }
        }
        return line.batch(requests).compose(replies -> {
            int at = 0;
            for (StreamEntry entry : entries) {
                if (entry.payloadKey() == null) {
                    read.add(entry);
                } else {
                    var payload = replies.get(at++);
                    if (payload != null) { // otherwise the payload expired before the stream was trimmed
                        read.add(entry.with(payload.toBuffer()));
                    }
                }
            }
            return fill();
        });
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

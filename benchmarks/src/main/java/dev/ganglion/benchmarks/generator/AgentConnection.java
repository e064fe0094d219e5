package dev.ganglion.benchmarks.generator;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One lightweight connection of an agent's worker process. It signs its frames, finds the acks among the server's
 * frames, and remembers when each batch was due. An instance belongs to one {@link Loop}.
 */
final class AgentConnection implements MessageReader.Messages {
    /**
     * Largest number of batches in flight without an ack. Further batches wait here, and their latency counts from when
     * they were due.
     */
    static final int MAX_UNACKED = 4_096;

    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final byte[] ACKED_ID = FieldFinder.of("\"acked_id\"");
    private static final byte[] REJECTED = FieldFinder.of("\"rejected\"");
    private static final byte[] HELLO_ACK = FieldFinder.of("\"hello_ack\"");
    private static final byte[] COMMAND = FieldFinder.of("\"command\"");
    private static final byte[] COMMAND_ID = FieldFinder.of("\"command_id\"");
    private static final Payload EMPTY = Payload.of("{}");
    private static final Payload DONE = Payload.of("{\"status\":\"success\",\"result\":{\"ok\":true}}");

    private final Loop loop;
    private final Credential credential;
    private final int number;
    private final long[] intended = new long[MAX_UNACKED];
    private final int[] events = new int[MAX_UNACKED];
    private final Deque<Long> due = new ArrayDeque<>();
    /** Tasks whose first event is on its way, by their place in {@link #intended}. */
    private final Map<Integer, String> newTasks = new HashMap<>();

    private final MessageReader reader = new MessageReader(this);
    private @Nullable NetSocket socket;
    private FrameEncoder.@Nullable Session session;
    private byte[] head = new byte[0];
    private boolean upgraded;
    private boolean ended = true;
    private long startedAt;
    private long next;
    private int unacked;
    private int window;

    AgentConnection(Loop loop, Credential credential, int number) {
        this.loop = loop;
        this.credential = credential;
        this.number = number;
    }

    void connect(NetClient client, Target target) {
        startedAt = System.nanoTime();
        upgraded = false;
        ended = false;
        head = new byte[0];
        client.connect(target.port(), target.host()).onComplete(done -> {
            if (done.failed()) {
                end("connect_failed");
                return;
            }
            NetSocket open = done.result();
            socket = open;
            open.handler(this::read);
            open.exceptionHandler(failure -> {});
            open.closeHandler(closed -> {
                if (socket == open) {
                    end("cut");
                }
            });
            open.write("GET " + target.path() + " HTTP/1.1\r\nHost: " + target.host() + ":" + target.port()
                            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
                            + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer "
                            + credential.token() + "\r\n\r\n")
                    .onFailure(failure -> end("write_failed"));
        });
    }

    boolean online() {
        return session != null;
    }

    int unacked() {
        return unacked;
    }

    Credential credential() {
        return credential;
    }

    private void read(Buffer data) {
        if (upgraded) {
            reader.read(data);
            return;
        }
        head = Buffer.buffer(head).appendBuffer(data).getBytes();
        String text = new String(head, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return;
        }
        if (!text.startsWith("HTTP/1.1 101")) {
            end("http_" + text.substring(9, Math.min(text.length(), 12)));
            return;
        }
        upgraded = true;
        write(loop.encoder(credential).plain(hello()));
        if (head.length > end + 4) {
            reader.read(Buffer.buffer(text.substring(end + 4), "ISO-8859-1"));
        }
    }

    private String hello() {
        String worker = "w" + number;
        return String.format(
                Locale.ROOT,
                "{\"v\":2,\"type\":\"hello\",\"id\":\"hello-%s\",\"ts\":\"%s\",\"payload\":{\"protocol_version\":\"2\","
                        + "\"agent_version\":\"1.6.9\",\"framework\":\"bare\",\"engines\":[\"celery\"],\"schedulers\":[],"
                        + "\"capabilities\":{\"celery\":[\"retry_task\",\"cancel_task\",\"pool_resize\"]},"
                        + "\"host\":{\"hostname\":\"load\"},\"worker_id\":\"%s\",\"worker_role\":\"task\"}}",
                worker,
                Instant.now(),
                worker);
    }

    @Override
    public void message(int opcode, byte[] bytes, int start, int end) {
        if (opcode == TEXT || opcode == 2) {
            frame(bytes, start, end);
        } else if (opcode == CLOSE) {
            int code = end - start < 2 ? 1005 : ((bytes[start] & 0xFF) << 8) | (bytes[start + 1] & 0xFF);
            end("close_" + code);
        } else if (opcode == PING) {
            write(FrameEncoder.control(PONG, Arrays.copyOfRange(bytes, start, end)));
        }
    }

    private void frame(byte[] bytes, int start, int end) {
        String acked = FieldFinder.value(bytes, start, end, ACKED_ID);
        if (!acked.isEmpty()) {
            acked(acked, bytes, start, end);
        } else if (session == null && FieldFinder.has(bytes, start, end, HELLO_ACK)) {
            online(bytes, start, end);
        } else if (FieldFinder.has(bytes, start, end, COMMAND)) {
            command(FieldFinder.value(bytes, start, end, COMMAND_ID));
        }
    }

    private void online(byte[] bytes, int start, int end) {
        session = new FrameEncoder.Session(
                FieldFinder.value(bytes, start, end, FieldFinder.of("\"agent_id\"")),
                FieldFinder.value(bytes, start, end, FieldFinder.of("\"project_id\"")),
                FieldFinder.value(bytes, start, end, FieldFinder.of("\"session_id\"")));
        loop.meter().opened++;
        loop.meter().handshakes.recordValue((System.nanoTime() - startedAt) / 1_000);
        loop.online(this);
    }

    private void acked(String id, byte[] bytes, int start, int end) {
        int at = (int) (Long.parseLong(id.substring(id.lastIndexOf('-') + 1)) % MAX_UNACKED);
        long now = System.nanoTime();
        unacked--;
        String rejected = FieldFinder.value(bytes, start, end, REJECTED);
        if (!rejected.equals("0")) {
            loop.meter().rejectedEvents += rejected.isEmpty() ? 0 : Long.parseLong(rejected);
        }
        loop.meter().acked(intended[at], events[at], now);
        String newTask = newTasks.isEmpty() ? null : newTasks.remove(at);
        if (newTask != null) {
            loop.onNewTask(newTask, now);
        }
        Long waiting = due.poll();
        if (waiting != null) {
            batch(waiting);
        } else if (window > 0 && !loop.draining()) {
            fill(now);
        }
    }

    private void command(String commandId) {
        loop.onCommand(commandId, System.nanoTime());
        loop.meter().commands++;
        FrameEncoder.Session open = session;
        if (open != null) {
            send(open, "command_ack", commandId, EMPTY);
            send(open, "command_result", commandId, DONE);
        }
    }

    /** Keeps this many batches in flight from now on; 0 stops that. */
    void window(int size) {
        window = size;
        fill(System.nanoTime());
    }

    private void fill(long now) {
        while (unacked < window && session != null) {
            batch(now);
        }
    }

    /**
     * Offers a batch that is due now by its schedule. The connection sends it as soon as fewer than {@link #MAX_UNACKED} are
     * in flight.
     */
    void offer(long intendedAt) {
        if (unacked < MAX_UNACKED && due.isEmpty()) {
            batch(intendedAt);
        } else {
            due.add(intendedAt);
        }
    }

    private void batch(long intendedAt) {
        FrameEncoder.Session open = session;
        if (open == null) {
            loop.meter().ended("sent_while_away");
            return;
        }
        Payload payload = loop.frames().next(number, next);
        int at = (int) (next % MAX_UNACKED);
        if (loop.watchesNewTask(System.nanoTime())) {
            watchNewTask(at);
        }
        intended[at] = intendedAt;
        events[at] = payload.events();
        unacked++;
        loop.meter().sentFrames++;
        send(open, "event_batch", open.mark() + "-" + next++, payload);
    }

    /** Remembers a task whose first event is in the batch at this place, to pass it on when the batch is acknowledged. */
    private void watchNewTask(int at) {
        String newTask = loop.frames().newestTask();
        if (newTask != null) {
            newTasks.put(at, newTask);
        }
    }

    void heartbeat() {
        FrameEncoder.Session open = session;
        if (open != null) {
            loop.meter().heartbeats++;
            send(open, "heartbeat", open.mark() + "h" + loop.meter().heartbeats, EMPTY);
        }
    }

    private void send(FrameEncoder.Session open, String type, String id, Payload payload) {
        write(loop.encoder(credential).frame(open, type, id, payload));
    }

    private void write(Buffer message) {
        if (socket != null) {
            socket.write(message).onFailure(failure -> {});
        }
    }

    /** Closes the connection with close code 1000, as an agent that shuts down does. */
    void leave() {
        NetSocket open = socket;
        if (open != null) {
            ended = true;
            socket = null;
            session = null;
            unacked = 0;
            open.write(FrameEncoder.control(CLOSE, new byte[] {3, (byte) 0xE8}))
                    .eventually(open::close)
                    .onFailure(failure -> {});
        }
    }

    private void end(String how) {
        if (ended) {
            return;
        }
        ended = true;
        NetSocket open = socket;
        boolean wasOnline = session != null;
        socket = null;
        session = null;
        unacked = 0;
        loop.meter().ended(how);
        loop.ended(this, wasOnline);
        if (open != null) {
            open.close().onFailure(failure -> {});
        }
    }
}

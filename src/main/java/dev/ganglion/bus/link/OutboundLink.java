package dev.ganglion.bus.link;

import dev.ganglion.bus.link.Handshake.Hello;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection over which this node sends messages to one other node. Connects again after a failure, for as long as
 * the other node is in the cluster. Runs on the event loop of all connections between nodes, except {@link #fault()}.
 */
final class OutboundLink {
    private static final Logger LOG = LoggerFactory.getLogger(OutboundLink.class);

    /** The cause while the first attempt to connect is running. */
    static final String NOT_YET = "the first connection has not been opened yet";

    private final String peer;
    private final LinkTerms terms;
    private final NetClient client;
    private final Function<String, Optional<SocketAddress>> directory;
    private final Map<Long, Unanswered> unanswered = new LinkedHashMap<>();
    private long unansweredBytes;
    private long nextId;

    private @Nullable Connection connection;
    private boolean connecting;
    private boolean closed;
    private long nextAttemptAt;
    private long pause = Limits.MIN_PAUSE_NANOS;
    private volatile @Nullable Fault fault;

    /** Why messages do not reach the other node, and since when, in nanoseconds. */
    record Fault(String cause, long since) {}

    private record Unanswered(Promise<Void> reply, Buffer message, long deadline) {}

    /** One connection, from its TCP handshake to its end. */
    private final class Connection {
        final NetSocket socket;
        final String address;
        final long openedAt = terms.ticker().nanos();
        final FrameCutter cutter;
        byte @Nullable [] transcript;

        @Nullable
        Seal in;

        @Nullable
        Seal out;

        @Nullable
        Throwable failure;

        long heardAt = openedAt;
        long pingedAt = openedAt;

        Connection(NetSocket socket, String address) {
            this.socket = socket;
            this.address = address;
            this.cutter =
                    new FrameCutter(frame -> onFrame(this, frame), () -> down(this, LinkFault.unreadable(address)));
        }
    }

    OutboundLink(String peer, LinkTerms terms, NetClient client, Function<String, Optional<SocketAddress>> directory) {
        this.peer = peer;
        this.terms = terms;
        this.client = client;
        this.directory = directory;
        this.nextAttemptAt = terms.ticker().nanos();
        this.fault = new Fault(NOT_YET, nextAttemptAt);
    }

    /** Why messages do not reach the other node now; null while they do. Callable from any thread. */
    @Nullable
    Fault fault() {
        return fault;
    }

    /** Sends a message, or keeps it until the connection is open; completes the reply in time in each case. */
    void request(Buffer message, Promise<Void> reply) {
        if (closed) {
            reply.fail(new IOException("the node has left the cluster"));
        } else if (message.length() > Limits.MAX_FRAME - Seal.OVERHEAD_BYTES - Long.BYTES) {
            reply.fail(new IOException("the message is larger than " + Limits.MAX_FRAME + " bytes"));
        } else if (unanswered.size() >= Limits.MAX_UNANSWERED
                || unansweredBytes + message.length() > Limits.MAX_UNANSWERED_BYTES) {
            reply.fail(new IOException("the node has not answered the last " + unanswered.size() + " messages"));
        } else {
            long id = nextId++;
            Unanswered waiting = new Unanswered(reply, message, terms.ticker().nanos() + Limits.REPLY_NANOS);
            unanswered.put(id, waiting);
            unansweredBytes += message.length();
            Connection open = connection;
            if (open != null && open.out != null) {
                send(open, open.out, id, message);
            }
        }
    }

    private static void send(Connection to, Seal seal, long id, Buffer message) {
        Buffer content =
                Buffer.buffer(Long.BYTES + message.length()).appendLong(id).appendBuffer(message);
        write(to, seal.seal(Seal.MESSAGE, content));
    }

    private static void write(Connection to, Buffer frame) {
        to.socket.write(frame).onFailure(gone -> LOG.trace("The connection ended before a frame was sent", gone));
    }

    /** Ends what took too long, and connects when it is time. */
    void tick(long now) {
        Iterator<Unanswered> oldest = unanswered.values().iterator();
        while (oldest.hasNext()) {
            Unanswered each = oldest.next();
            if (now - each.deadline() < 0) {
                break;
            }
            oldest.remove();
            unansweredBytes -= each.message().length();
            Fault current = fault;
            each.reply()
                    .tryFail(new IOException(
                            current == null ? "the node did not reply in time" : "no connection: " + current.cause()));
        }
        Connection open = connection;
        if (open == null) {
            if (!connecting && !closed && now - nextAttemptAt >= 0) {
                connect(now);
            }
        } else if (open.out == null) {
            if (now - open.openedAt > Limits.AUTHENTICATION_NANOS) {
                down(open, LinkFault.silent(open.address));
            }
        } else if (now - open.heardAt > Limits.SILENCE_NANOS) {
            down(open, LinkFault.stuck(open.address));
        } else if (now - open.pingedAt >= Limits.PING_NANOS) {
            open.pingedAt = now;
            write(open, open.out.seal(Seal.PING, Buffer.buffer()));
        }
    }

    /** Gives the other node time again after this process was suspended. */
    void resumed(long now) {
        if (connection != null) {
            connection.heardAt = now;
        }
    }

    private void connect(long now) {
        Optional<SocketAddress> to = directory.apply(peer);
        if (to.isEmpty()) {
            failed("its address is not known; it may run another release", now);
            return;
        }
        String address = to.get().toString();
        connecting = true;
        client.connect(to.get()).onComplete(done -> {
            connecting = false;
            if (done.failed()) {
                failed(LinkFault.of(done.cause(), address), terms.ticker().nanos());
            } else if (closed) {
                done.result().close();
            } else {
                opened(new Connection(done.result(), address));
            }
        });
    }

    private void opened(Connection opened) {
        connection = opened;
        opened.socket.exceptionHandler(failure -> opened.failure = failure);
        opened.socket.closeHandler(v -> down(opened, LinkFault.of(opened.failure, opened.address)));
        opened.socket.handler(opened.cutter);
    }

    private void onFrame(Connection from, Buffer frame) {
        from.heardAt = terms.ticker().nanos();
        Seal seal = from.in;
        if (seal != null) {
            onSealed(from, seal, frame);
            return;
        }
        byte[] transcript = from.transcript;
        Optional<Refusal> refused = Handshake.readRefused(frame);
        if (refused.isPresent()) {
            down(from, LinkFault.of(refused.get(), from.address));
        } else if (transcript == null) {
            Handshake.readChallenge(frame)
                    .ifPresentOrElse(
                            challenge -> greet(from, challenge),
                            () -> down(from, LinkFault.of(Refusal.MALFORMED, from.address)));
        } else {
            Handshake.readWelcome(frame, transcript, terms.keys())
                    .ifPresentOrElse(key -> up(from, key, transcript), () -> down(from, LinkFault.WRONG_SECRET));
        }
    }

    private void greet(Connection to, byte[] challenge) {
        Hello hello = new Hello(Buffer.buffer(Handshake.newNonce()), terms.self(), peer, List.of());
        byte[] transcript = Handshake.transcript(challenge, hello);
        to.transcript = transcript;
        write(to, FrameCutter.framed(Handshake.hello(hello, transcript, terms.keys())));
    }

    private void up(Connection now, byte[] key, byte[] transcript) {
        now.in = Handshake.sealToClient(key, transcript);
        Seal out = Handshake.sealToServer(key, transcript);
        now.out = out;
        now.cutter.authenticated();
        pause = Limits.MIN_PAUSE_NANOS;
        fault = null;
        write(now, out.seal(Seal.PING, Buffer.buffer()));
        unanswered.forEach((id, waiting) -> send(now, out, id, waiting.message()));
    }

    private void onSealed(Connection from, Seal seal, Buffer frame) {
        try {
            Seal.Opened opened = seal.open(frame);
            if (opened.type() == Seal.ANSWER && opened.content().length() == Long.BYTES + 1) {
                answered(opened.content().getLong(0), opened.content().getByte(Long.BYTES) == 1);
            }
        } catch (Seal.RefusedException e) {
            down(from, LinkFault.of(e.reason(), from.address));
        }
    }

    private void answered(long id, boolean understood) {
        Unanswered waiting = unanswered.remove(id);
        if (waiting == null) {
            return; // the reply came too late
        }
        unansweredBytes -= waiting.message().length();
        if (understood) {
            waiting.reply().tryComplete();
        } else {
            waiting.reply().tryFail(new IOException("the node does not know the message, or the message is invalid"));
        }
    }

    /** Ends a connection, fails the messages that may have been sent on it, and plans the next attempt. */
    private void down(Connection ended, String cause) {
        if (connection != ended) {
            return;
        }
        connection = null;
        ended.cutter.stop();
        ended.socket.close();
        if (ended.out != null) {
            failAll("the connection ended before the reply");
        }
        failed(cause, terms.ticker().nanos());
    }

    private void failed(String cause, long now) {
        Fault before = fault;
        if (before == null) {
            fault = new Fault(cause, now);
        } else if (before.cause().equals(NOT_YET) || !LinkFault.isVague(cause)) {
            fault = new Fault(cause, before.since());
        }
        nextAttemptAt = now + pause;
        pause = Math.min(Limits.MAX_PAUSE_NANOS, 2 * pause);
    }

    private void failAll(String why) {
        List<Unanswered> all = List.copyOf(unanswered.values());
        unanswered.clear();
        unansweredBytes = 0;
        all.forEach(each -> each.reply().tryFail(new IOException(why)));
    }

    /** Ends the connection for good. */
    void close() {
        closed = true;
        Connection open = connection;
        connection = null;
        if (open != null) {
            open.cutter.stop();
            open.socket.close();
        }
        failAll("the node has left the cluster");
    }
}

package dev.ganglion.bus.link;

import dev.ganglion.bus.link.Handshake.Common;
import dev.ganglion.bus.link.Handshake.Hello;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An accepted connection of another node, or of a stranger until the peer has proved that it knows the master secret.
 * Runs on the event loop of all connections between nodes.
 */
final class InboundLink {
    private final NetSocket socket;
    private final LinkServer server;
    private final String address;
    private final byte[] challenge = Handshake.newNonce();
    private final FrameCutter cutter = new FrameCutter(this::onFrame, () -> refuse(Refusal.LENGTH));
    private final long acceptedAt;
    private @Nullable Authenticated peer;
    private long heardAt;
    private boolean ended;

    private record Authenticated(String id, Seal in, Seal out) {}

    InboundLink(NetSocket socket, LinkServer server, String address, long now) {
        this.socket = socket;
        this.server = server;
        this.address = address;
        this.acceptedAt = now;
        this.heardAt = now;
    }

    /** Address of the peer, without its port. */
    String address() {
        return address;
    }

    boolean authenticated() {
        return peer != null;
    }

    /** Sends the challenge, and reads the answer. */
    void begin() {
        if (ended) {
            return;
        }
        socket.handler(cutter);
        write(FrameCutter.framed(Handshake.challenge(challenge)));
        socket.resume();
    }

    /** Closes a connection that is not authenticated in time, or that is silent. */
    void tick(long now) {
        if (ended) {
            return;
        }
        if (peer == null && now - acceptedAt > Limits.AUTHENTICATION_NANOS) {
            refuse(Refusal.TOO_SLOW);
        } else if (now - heardAt > Limits.SILENCE_NANOS + Limits.AUTHENTICATION_NANOS) {
            close();
        }
    }

    void refuse(Refusal reason) {
        if (!ended) {
            server.refused(reason, peer == null ? address : address + " (" + peer.id() + ")");
            close();
        }
    }

    void close() {
        ended = true;
        cutter.stop();
        server.ended(this);
        socket.close();
    }

    private void onFrame(Buffer frame) {
        heardAt = server.terms().ticker().nanos();
        Authenticated known = peer;
        if (known == null) {
            onHello(frame);
            return;
        }
        try {
            Seal.Opened opened = known.in().open(frame);
            onOpened(known, opened);
            server.heard(known.id(), heardAt);
        } catch (Seal.RefusedException e) {
            refuse(e.reason());
        }
    }

    private void onHello(Buffer frame) {
        Optional<Hello> read = Handshake.readHello(frame);
        if (read.isEmpty()) {
            sendRefusal(Refusal.MALFORMED);
            return;
        }
        Hello hello = read.get();
        List<byte[]> keys = server.terms().keys();
        byte[] transcript = Handshake.transcript(challenge, hello);
        Optional<Common> common = Handshake.common(hello, transcript, keys);
        if (common.isEmpty()) {
            sendRefusal(Refusal.WRONG_SECRET);
        } else if (!hello.to().equals(server.terms().self())
                || hello.from().equals(server.terms().self())) {
            sendRefusal(Refusal.WRONG_NODE);
        } else {
            byte[] key = common.get().key().getBytes();
            peer = new Authenticated(
                    hello.from(), Handshake.sealToServer(key, transcript), Handshake.sealToClient(key, transcript));
            cutter.authenticated();
            write(FrameCutter.framed(Handshake.welcome(common.get(), transcript)));
            server.authenticated(this, hello.from(), heardAt);
        }
    }

    private void sendRefusal(Refusal reason) {
        write(FrameCutter.framed(Handshake.refused(reason)));
        refuse(reason);
    }

    private void onOpened(Authenticated known, Seal.Opened opened) throws Seal.RefusedException {
        Buffer content = opened.content();
        if (opened.type() == Seal.PING) {
            write(known.out().seal(Seal.PONG, Buffer.buffer()));
        } else if (opened.type() == Seal.MESSAGE && content.length() >= Long.BYTES) {
            boolean understood = server.deliver(known.id(), content.slice(Long.BYTES, content.length()));
            Buffer answer = Buffer.buffer(Long.BYTES + 1)
                    .appendLong(content.getLong(0))
                    .appendByte((byte) (understood ? 1 : 0));
            write(known.out().seal(Seal.ANSWER, answer));
        }
        // A later version may know further types.
    }

    /** Sends a frame. A peer that does not read its answers is not read until it does. */
    private void write(Buffer frame) {
        server.written(socket.write(frame));
        if (socket.writeQueueFull()) {
            socket.pause();
            socket.drainHandler(v -> socket.resume());
        }
    }
}

package dev.ganglion.bus.link;

import dev.ganglion.protocol.KeyDerivation;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Encodes and checks the frames by which two nodes prove to each other that they know a common master secret.
 *
 * <p>The accepting node sends a <i>challenge</i> with a random number. The connecting node answers with a <i>hello</i>:
 * its own random number, both node ids, and a proof for each of its keys. The accepting node answers with a
 * <i>welcome</i>: the number of the key that both have, and its own proof. Both then derive a key for each direction. So
 * nothing that was sent on one connection is valid on another, and no clocks are involved.
 */
final class Handshake {
    static final byte CHALLENGE = 1;
    static final byte HELLO = 2;
    static final byte WELCOME = 3;
    static final byte REFUSED = 4;

    static final byte VERSION = 1;
    static final int NONCE_BYTES = 32;
    static final int MAC_BYTES = 32;
    /** Largest number of keys of a node: the current one and eight previous ones. */
    static final int MAX_KEYS = 9;

    private static final int MAX_ID_BYTES = 128;
    private static final byte[] CLIENT = ascii("connecting node");
    private static final byte[] SERVER = ascii("accepting node");
    private static final byte[] TO_SERVER = ascii("to the accepting node");
    private static final byte[] TO_CLIENT = ascii("to the connecting node");
    private static final SecureRandom RANDOM = new SecureRandom();

    private Handshake() {}

    /** A hello, as the accepting node reads it. */
    record Hello(Buffer nonce, String from, String to, List<byte[]> proofs) {}

    /** A key that both nodes have; {@code index} is its position in the hello. */
    record Common(Buffer key, int index) {}

    static byte[] newNonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        return nonce;
    }

    static Buffer challenge(byte[] nonce) {
        return Buffer.buffer().appendByte(CHALLENGE).appendByte(VERSION).appendBytes(nonce);
    }

    /** Returns the random number of a challenge; empty if the frame is none of this version. */
    static Optional<byte[]> readChallenge(Buffer frame) {
        return frame.length() == 2 + NONCE_BYTES && frame.getByte(0) == CHALLENGE && frame.getByte(1) == VERSION
                ? Optional.of(frame.getBytes(2, 2 + NONCE_BYTES))
                : Optional.empty();
    }

    /** Returns the bytes that the proofs of a connection cover. */
    static byte[] transcript(byte[] challenge, Hello hello) {
        return Buffer.buffer()
                .appendByte(VERSION)
                .appendBytes(challenge)
                .appendBuffer(hello.nonce())
                .appendBuffer(id(hello.from()))
                .appendBuffer(id(hello.to()))
                .getBytes();
    }

    static Buffer hello(Hello hello, byte[] transcript, List<byte[]> keys) {
        Buffer frame = Buffer.buffer()
                .appendByte(HELLO)
                .appendByte(VERSION)
                .appendBuffer(hello.nonce())
                .appendBuffer(id(hello.from()))
                .appendBuffer(id(hello.to()));
        keys.forEach(key -> frame.appendBytes(KeyDerivation.hmac(key, CLIENT, transcript)));
        return frame;
    }

    /** Reads a hello; empty if the frame is none of this version. */
    static Optional<Hello> readHello(Buffer frame) {
        if (frame.length() < 2 + NONCE_BYTES || frame.getByte(0) != HELLO || frame.getByte(1) != VERSION) {
            return Optional.empty();
        }
        try {
            int at = 2 + NONCE_BYTES;
            String from = readId(frame, at);
            at += 2 + frame.getUnsignedShort(at);
            String to = readId(frame, at);
            at += 2 + frame.getUnsignedShort(at);
            List<byte[]> proofs = new ArrayList<>();
            for (; at < frame.length() && proofs.size() < MAX_KEYS; at += MAC_BYTES) {
                proofs.add(frame.getBytes(at, at + MAC_BYTES));
            }
            return Optional.of(new Hello(frame.getBuffer(2, 2 + NONCE_BYTES), from, to, proofs));
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Finds the first key of the accepting node for which the hello has a proof. Takes the same time for every proof. */
    static Optional<Common> common(Hello hello, byte[] transcript, List<byte[]> keys) {
        Optional<Common> found = Optional.empty();
        for (byte[] key : keys) {
            byte[] expected = KeyDerivation.hmac(key, CLIENT, transcript);
            for (int i = 0; i < hello.proofs().size(); i++) {
                boolean equal = MessageDigest.isEqual(expected, hello.proofs().get(i));
                if (equal && found.isEmpty()) {
                    found = Optional.of(new Common(Buffer.buffer(key), i));
                }
            }
        }
        return found;
    }

    static Buffer welcome(Common common, byte[] transcript) {
        return Buffer.buffer()
                .appendByte(WELCOME)
                .appendByte((byte) common.index())
                .appendBytes(KeyDerivation.hmac(common.key().getBytes(), SERVER, transcript));
    }

    /** Returns the key that a welcome proves; empty if the proof is not valid. */
    static Optional<byte[]> readWelcome(Buffer frame, byte[] transcript, List<byte[]> keys) {
        if (frame.length() != 2 + MAC_BYTES || frame.getByte(0) != WELCOME) {
            return Optional.empty();
        }
        int index = frame.getByte(1);
        if (index < 0 || index >= keys.size()) {
            return Optional.empty();
        }
        byte[] expected = KeyDerivation.hmac(keys.get(index), SERVER, transcript);
        return MessageDigest.isEqual(expected, frame.getBytes(2, 2 + MAC_BYTES))
                ? Optional.of(keys.get(index))
                : Optional.empty();
    }

    static Buffer refused(Refusal reason) {
        return Buffer.buffer().appendByte(REFUSED).appendString(reason.label());
    }

    /** Returns the reason of a refusal; empty if the frame is none. */
    static Optional<Refusal> readRefused(Buffer frame) {
        if (frame.getByte(0) != REFUSED) {
            return Optional.empty();
        }
        String label = frame.getString(1, frame.length());
        return Arrays.stream(Refusal.values())
                .filter(each -> each.label().equals(label))
                .findFirst();
    }

    /** Creates the seal of frames to the accepting node. */
    static Seal sealToServer(byte[] key, byte[] transcript) {
        return new Seal(KeyDerivation.hmac(key, TO_SERVER, transcript));
    }

    /** Creates the seal of frames to the connecting node. */
    static Seal sealToClient(byte[] key, byte[] transcript) {
        return new Seal(KeyDerivation.hmac(key, TO_CLIENT, transcript));
    }

    private static Buffer id(String id) {
        byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
        return Buffer.buffer().appendUnsignedShort(bytes.length).appendBytes(bytes);
    }

    private static String readId(Buffer frame, int at) {
        int length = frame.getUnsignedShort(at);
        if (length > MAX_ID_BYTES) {
            throw new IllegalArgumentException("the id of a node is too long");
        }
        return frame.getString(at + 2, at + 2 + length);
    }

    private static byte[] ascii(String label) {
        return label.getBytes(StandardCharsets.US_ASCII);
    }
}

package dev.ganglion.benchmarks.generator;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/** Extracts a server's WebSocket messages from socket data. It expects unmasked messages without fragmentation. */
final class MessageReader {
    /** Receives the messages. */
    interface Messages {
        void message(int opcode, byte[] bytes, int start, int end);
    }

    private static final int SHORT = 126;
    private static final int LONG = 127;

    private final Messages messages;
    private byte[] held = new byte[0];

    MessageReader(Messages messages) {
        this.messages = messages;
    }

    void read(Buffer data) {
        byte[] all = data.getBytes();
        if (held.length > 0) {
            byte[] both = new byte[held.length + all.length];
            System.arraycopy(held, 0, both, 0, held.length);
            System.arraycopy(all, 0, both, held.length, all.length);
            all = both;
        }
        int at = 0;
        int next = next(all, at);
        while (next > 0) {
            at = next;
            next = next(all, at);
        }
        held = at == all.length ? new byte[0] : Arrays.copyOfRange(all, at, all.length);
    }

    /** Passes one message on and returns the start of the next; 0 if the message is not complete yet. */
    private int next(byte[] all, int at) {
        if (all.length - at < 2) {
            return 0;
        }
        int length = all[at + 1] & 0x7F;
        int body = at + 2;
        int wide = length == SHORT ? 2 : length == LONG ? 8 : 0;
        if (all.length < body + wide) {
            return 0;
        }
        if (wide > 0) {
            length = 0;
            for (int i = 0; i < wide; i++) {
                length = (length << 8) | (all[body + i] & 0xFF);
            }
            body += wide;
        }
        if (all.length < body + length) {
            return 0;
        }
        messages.message(all[at] & 0xF, all, body, body + length);
        return body + length;
    }
}

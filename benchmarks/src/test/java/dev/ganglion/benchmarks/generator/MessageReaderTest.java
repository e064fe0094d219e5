package dev.ganglion.benchmarks.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks the extraction of WebSocket messages. */
class MessageReaderTest {
    private static Buffer message(String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        Buffer message = Buffer.buffer().appendByte((byte) 0x81);
        if (body.length < 126) {
            message.appendByte((byte) body.length);
        } else {
            message.appendByte((byte) 126).appendUnsignedShort(body.length);
        }
        return message.appendBytes(body);
    }

    @Test
    void extractsCompleteMessagesFromPiecesOfAnySize() {
        List<String> sent = List.of("one", "x".repeat(125), "y".repeat(126), "z".repeat(3_000), "");
        Buffer all = Buffer.buffer();
        sent.forEach(text -> all.appendBuffer(message(text)));
        for (int piece = 1; piece < 200; piece++) {
            List<String> got = new ArrayList<>();
            MessageReader reader = new MessageReader((opcode, bytes, start, end) ->
                    got.add(new String(bytes, start, end - start, StandardCharsets.UTF_8)));
            for (int at = 0; at < all.length(); at += piece) {
                reader.read(all.getBuffer(at, Math.min(all.length(), at + piece)));
            }
            assertThat(got).isEqualTo(sent);
        }
    }
}

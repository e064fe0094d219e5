package dev.ganglion.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.FrameReader;
import dev.ganglion.protocol.SessionBinding;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.error.ProtocolException;
import dev.ganglion.protocol.error.ProtocolLimits;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Compares the canonical form of 20 000 random documents, valid and invalid, with Python's output. The fixture is in
 * the test resources together with the script that generated it.
 */
class CanonicalFuzzTest {
    private static final String FIXTURE = "/protocol/canonical-fuzz.bin.gz";
    private static final SessionBinding BINDING = new SessionBinding("agent-1", "project-é", "session-1");

    private final FrameReader frames = new FrameReader(ProtocolLimits.MAX_FRAME_BYTES);
    private final List<String> differences = new ArrayList<>();
    private int documents;
    private int rejected;

    @Test
    void canonicalFormOfEveryDocumentEqualsPythonsOutput() throws IOException {
        try (InputStream file = CanonicalFuzzTest.class.getResourceAsStream(FIXTURE);
                DataInputStream in = new DataInputStream(new GZIPInputStream(file, 1 << 16))) {
            for (int kind = in.read(); kind >= 0; kind = in.read()) {
                byte[] document = in.readNBytes(in.readInt());
                int length = in.readInt();
                compare(kind, document, length < 0 ? null : in.readNBytes(length));
            }
        }

        assertThat(differences).isEmpty();
        assertThat(documents).isEqualTo(20_000);
        assertThat(rejected).isBetween(2_000, 10_000);
    }

    private void compare(int kind, byte[] document, byte @Nullable [] wanted) {
        documents++;
        rejected += wanted == null ? 1 : 0;
        byte @Nullable [] got = kind == 'F' ? signed(document) : canonical(document);
        if (!Arrays.equals(got, wanted)) {
            differences.add(text(document) + "\n  actual " + text(got) + "\n  Python " + text(wanted));
        }
    }

    private byte @Nullable [] signed(byte[] document) {
        try {
            frames.read(document);
            frames.write(BINDING.overrides());
            return Arrays.copyOf(frames.emitter().out, frames.emitter().end);
        } catch (ProtocolException e) {
            return null;
        }
    }

    private static byte @Nullable [] canonical(byte[] document) {
        try {
            return Json.parse(document).utf8();
        } catch (ProtocolException e) {
            assertThat(e.closeCode()).isEqualTo(CloseCode.MALFORMED_FRAME);
            return null;
        }
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "rejected" : new String(bytes, UTF_8);
    }
}

package dev.ganglion.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.json.ByteWords;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HmacTextTest {
    private static final int DIGITS = 64;

    private final byte[] decoded = new byte[ProtocolLimits.SECRET_BYTES];

    private @Nullable HmacEncoding decode(byte[] text) {
        byte[] withSlack = Arrays.copyOf(text, text.length + ByteWords.SLACK);
        return HmacText.decode(withSlack, 0, text.length, decoded);
    }

    @Test
    void decodesHexadecimalDigitsOfEitherCaseAndNothingElse() {
        for (int c = ' '; c < 256; c++) {
            for (int at = 0; at < DIGITS; at++) {
                byte[] text = "0123456789abcdefABCDEF9876543210fedcbaFEDCBA00000000000000000000"
                        .getBytes(StandardCharsets.US_ASCII);
                text[at] = (byte) c;

                boolean digit = c < 128 && Character.digit(c, 16) >= 0;
                assertThat(decode(text) == HmacEncoding.HEX)
                        .as("%c at %d", c, at)
                        .isEqualTo(digit);
                if (digit) {
                    String hex = new String(text, StandardCharsets.US_ASCII);
                    assertThat(decoded).isEqualTo(HexFormat.of().parseHex(hex));
                }
            }
        }
    }

    @Test
    void decodesEverySignatureThatItEncoded() {
        byte[] hmac = HexFormat.of().parseHex("00ff10ef7f80a55a0123456789abcdeffedcba98765432100f1e2d3c4b5a6978");
        for (HmacEncoding encoding : HmacEncoding.values()) {
            byte[] text = new byte[HmacText.length(encoding)];
            HmacText.encode(hmac, encoding, text, 0);

            assertThat(decode(text)).isEqualTo(encoding);
            assertThat(decoded).isEqualTo(hmac);
        }
    }
}

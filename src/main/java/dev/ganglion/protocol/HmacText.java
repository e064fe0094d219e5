package dev.ganglion.protocol;

import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.json.ByteWords;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Encodes and decodes 32-byte signatures in either {@link HmacEncoding}. */
final class HmacText {
    private static final int BYTES = ProtocolLimits.SECRET_BYTES;
    private static final int HEX_LENGTH = 2 * BYTES;
    private static final int BASE64_LENGTH = 43;
    private static final long EACH_BYTE = 0x0101_0101_0101_0101L;
    private static final byte[] HEX_DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SEXTETS = new byte[128];

    static {
        Arrays.fill(SEXTETS, (byte) -1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        for (int i = 0; i < alphabet.length(); i++) {
            SEXTETS[alphabet.charAt(i)] = (byte) i;
        }
        SEXTETS['+'] = 62;
        SEXTETS['-'] = 62;
        SEXTETS['/'] = 63;
        SEXTETS['_'] = 63;
    }

    private HmacText() {}

    /**
     * Decodes the text at {@code [start, end)}, which must not contain control characters. Returns the encoding, or
     * null if the text is in neither encoding.
     */
    static @Nullable HmacEncoding decode(byte[] text, int start, int end, byte[] to) {
        int length = end - start;
        if (length == HEX_LENGTH) {
            return decodeHex(text, start, to) ? HmacEncoding.HEX : null;
        }
        boolean padded = length == BASE64_LENGTH + 1 && text[end - 1] == '=';
        return (padded || length == BASE64_LENGTH) && decodeBase64(text, start, to) ? HmacEncoding.BASE64 : null;
    }

    private static boolean decodeHex(byte[] text, int start, byte[] to) {
        for (int i = 0; i < BYTES; i += Integer.BYTES) {
            // Setting bit 0x20 turns letters into lower case. Strings contain no control characters, so no other byte
            // becomes a digit.
            long digits = ByteWords.load(text, start + 2 * i) | 0x20 * EACH_BYTE;
            long values = (digits & 0x0F * EACH_BYTE) + 9 * (digits >>> 6 & EACH_BYTE);
            long letters = (values + 6 * EACH_BYTE) >>> 4 & EACH_BYTE;
            boolean tooHigh = (values >>> 4 & 0x0F * EACH_BYTE) != 0;
            if (tooHigh || values + '0' * EACH_BYTE + ('a' - '0' - 10) * letters != digits) {
                return false;
            }
            long pairs = (values << 4 | values >>> 8) & 0x00FF_00FF_00FF_00FFL;
            long fours = (pairs | pairs >>> 8) & 0x0000_FFFF_0000_FFFFL;
            ByteWords.storeInt(to, i, (int) (fours | fours >>> 16));
        }
        return true;
    }

    private static boolean decodeBase64(byte[] text, int start, byte[] to) {
        int bits = 0;
        int held = 0;
        int at = 0;
        for (int i = start; i < start + BASE64_LENGTH; i++) {
            int sextet = text[i] < 0 ? -1 : SEXTETS[text[i]];
            if (sextet < 0) {
                return false;
            }
            bits = bits << 6 | sextet;
            held += 6;
            if (held >= Byte.SIZE) {
                held -= Byte.SIZE;
                to[at++] = (byte) (bits >> held);
            }
        }
        return true;
    }

    /** Number of characters that the encoding takes. */
    static int length(HmacEncoding encoding) {
        return encoding == HmacEncoding.HEX ? HEX_LENGTH : BASE64_LENGTH + 1;
    }

    static void encode(byte[] hmac, HmacEncoding encoding, byte[] to, int at) {
        if (encoding == HmacEncoding.BASE64) {
            byte[] text = Base64.getEncoder().encode(hmac);
            System.arraycopy(text, 0, to, at, text.length);
            return;
        }
        for (int i = 0; i < BYTES; i++) {
            to[at + 2 * i] = HEX_DIGITS[hmac[i] >> 4 & 15];
            to[at + 2 * i + 1] = HEX_DIGITS[hmac[i] & 15];
        }
    }
}

package dev.ganglion.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.AssertRejected;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.error.ProtocolLimits;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void rejectsNestingBeyondTheLimit() {
        String deepest = "[".repeat(ProtocolLimits.MAX_DEPTH) + "]".repeat(ProtocolLimits.MAX_DEPTH);

        assertThat(Json.parse(deepest).text()).isEqualTo(deepest);
        AssertRejected.of(() -> Json.parse("[" + deepest + "]"), CloseCode.MALFORMED_FRAME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "[{\"a\":"})
    void rejectsNestingOf100000LevelsWithoutAStackOverflow(String opening) {
        AssertRejected.of(() -> Json.parse(opening.repeat(100_000)), CloseCode.MALFORMED_FRAME);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[",
                "\"",
                "{nope",
                "[1,]",
                "{\"a\":1,}",
                "{,}",
                "[,]",
                "{\"a\"}",
                "{\"a\" 1}",
                "{\"a\":}",
                "{1:2}",
                "[1 2]",
                "1 2",
                "{} x",
                "[]]",
                "{]",
                "[}",
                "01",
                "-",
                "+1",
                ".5",
                "1.",
                "1e",
                "1e+",
                "-a",
                "0x10",
                "tru",
                "True",
                "nul",
                "NaN",
                "Infinity",
                "-Infinity",
                "[NaN]",
                "1e400",
                "-1e309",
                "'a'",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\\ud800\"",
                "\"\\udc00\\ud800\"",
                "{\"\\ud800\":1}",
                "\"\t\"",
                "\"a\nb\"",
                "\u00a01",
                "\ufeff1",
                "// x\n1",
                "[1,\u000b2]"
            })
    void rejectsTextThatIsNotJsonOrHasNoCanonicalForm(String text) {
        AssertRejected.of(() -> Json.parse(text), CloseCode.MALFORMED_FRAME);
    }

    @Test
    void aZeroByteDoesNotEndADocument() {
        AssertRejected.of(() -> Json.parse("1\0"), CloseCode.MALFORMED_FRAME);
        AssertRejected.of(() -> Json.parse("\0"), CloseCode.MALFORMED_FRAME);
        AssertRejected.of(() -> Json.parse("\"a\0\""), CloseCode.MALFORMED_FRAME);
        AssertRejected.of(() -> Json.parse("[1]\0\0\0\0"), CloseCode.MALFORMED_FRAME);
    }

    @Test
    void rejectsIntegersOfMoreThan4300Digits() {
        String largest = "9".repeat(ProtocolLimits.MAX_INTEGER_DIGITS);

        assertThat(Json.parse(largest).text()).isEqualTo(largest);
        assertThat(Json.parse("-" + largest).text()).isEqualTo("-" + largest);
        AssertRejected.of(() -> Json.parse(largest + "9"), CloseCode.MALFORMED_FRAME);
        AssertRejected.of(() -> Json.parse("{\"a\":" + largest + "9,\"a\":1}"), CloseCode.MALFORMED_FRAME);
    }

    @Test
    void acceptsAnOverriddenValueWithoutACanonicalForm() {
        assertThat(Json.parse("{\"a\":NaN,\"b\":2,\"\\u0061\":1}").text()).isEqualTo("{\"a\":1,\"b\":2}");
        assertThat(Json.parse("{\"a\":{\"x\":[\"\\ud800\",1e999]},\"a\":1}").text())
                .isEqualTo("{\"a\":1}");
        assertThat(Json.parse("{\"a\":{\"\\ud800\":1},\"a\":1}").text()).isEqualTo("{\"a\":1}");
        AssertRejected.of(() -> Json.parse("{\"a\":1,\"a\":NaN}"), CloseCode.MALFORMED_FRAME);
    }

    @Test
    void sortsKeysByTheirUnescapedCodePoints() {
        String text =
                "{\"\\ud83d\\ude00\":1,\"\\uffff\":2,\"\\ue000\":3,\"\\n\":4,\"a\\\\\":5,\"a]\":6,\"a[\":7,\"\":8,\"\\u0000\":9}";

        assertThat(Json.parse(text).text())
                .isEqualTo(
                        "{\"\":8,\"\\u0000\":9,\"\\n\":4,\"a[\":7,\"a\\\\\":5,\"a]\":6,\"\ue000\":3,\"\uffff\":2,\"😀\":1}");
    }

    @Test
    void sortsWideObjectsInLessThanQuadraticTime() {
        int[] keys = ThreadLocalRandom.current().ints(100_000, 0, 1 << 20).toArray();
        StringBuilder random = new StringBuilder("{");
        StringBuilder equal = new StringBuilder("{");
        StringBuilder falling = new StringBuilder("{");
        for (int i = 0; i < keys.length; i++) {
            random.append(i == 0 ? "" : ",").append('"').append(keys[i]).append("\":1");
            equal.append(i == 0 ? "" : ",").append("\"k\":").append(i);
            falling.append(i == 0 ? "" : ",").append('"').append(999_999 - i).append("\":1");
        }

        // A quadratic sort of these objects takes minutes.
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            long different = IntStream.of(keys).distinct().count();
            assertThat(Json.parse(random + "}").text().split(",")).hasSize((int) different);
            assertThat(Json.parse(equal + "}").text()).isEqualTo("{\"k\":99999}");
            assertThat(Json.parse(falling + "}").text())
                    .startsWith("{\"900000\":1,")
                    .endsWith(",\"999999\":1}");
        });
    }

    @Test
    void rejectsInvalidUtf8Anywhere() {
        byte[][] bad = {
            {(byte) 0x80},
            {(byte) 0xC0, (byte) 0xAF},
            {(byte) 0xE0, (byte) 0x9F, (byte) 0xBF},
            {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
            {(byte) 0xF0, (byte) 0x8F, (byte) 0xBF, (byte) 0xBF},
            {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
            {(byte) 0xFF},
            {(byte) 0xC3},
            {(byte) 0xE6, (byte) 0x97}
        };
        for (byte[] sequence : bad) {
            AssertRejected.of(() -> Json.parse(around("\"", sequence, "\"")), CloseCode.MALFORMED_FRAME);
            AssertRejected.of(() -> Json.parse(around("{\"", sequence, "\":1}")), CloseCode.MALFORMED_FRAME);
            AssertRejected.of(
                    () -> Json.parse(around("{\"hmac\":\"a", sequence, "\",\"hmac\":1}")), CloseCode.MALFORMED_FRAME);
            AssertRejected.of(() -> Json.parse(around("1 ", sequence, "")), CloseCode.MALFORMED_FRAME);
            AssertRejected.of(() -> Json.parse(around("", sequence, "1")), CloseCode.MALFORMED_FRAME);
        }
    }

    private static byte[] around(String before, byte[] middle, String after) {
        byte[] start = before.getBytes(UTF_8);
        byte[] end = after.getBytes(UTF_8);
        byte[] all = new byte[start.length + middle.length + end.length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(middle, 0, all, start.length, middle.length);
        System.arraycopy(end, 0, all, start.length + middle.length, end.length);
        return all;
    }

    @Test
    void valuesWithTheSameCanonicalFormAreEqual() {
        Json one = Json.parse("{\"b\":1.50,\"a\":\"\\u0061\"}");
        Json other = Json.parse(" {\"a\":\"a\", \"b\":15e-1}");

        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other).isNotEqualTo(Json.parse("{}"));
        assertThat(one.isObject()).isTrue();
        assertThat(Json.string("\n\"é😀\0").text()).isEqualTo("\"\\n\\\"é😀\\u0000\"");
    }

    @Test
    void toStringShortensLongValues() {
        Json secret = Json.string("x".repeat(10_000));

        assertThat(secret.toString()).hasSizeLessThan(120).contains("10002 bytes");
    }
}

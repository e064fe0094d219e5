package dev.ganglion.protocol.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares reading and printing of doubles with the JDK's exact arithmetic. */
class DoublesTest {
    private static final int SAMPLES = 8_000;

    private final ShortestDouble shortest = new ShortestDouble();

    @ParameterizedTest
    @CsvSource({
        "0.0, 0.0",
        "-0.0, -0.0",
        "1e16, 1e+16",
        "9999999999999998.0, 9999999999999998.0",
        "1e-4, 0.0001",
        "9.999e-5, 9.999e-05",
        "1e-7, 1e-07",
        "5e-324, 5e-324",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "2.2250738585072014e-308, 2.2250738585072014e-308",
        "1e22, 1e+22",
        "1e23, 1e+23",
        "9007199254740993.0, 9007199254740992.0",
        "2e-3, 0.002",
        "100000.0, 100000.0",
        "123456789012345680.0, 1.2345678901234568e+17",
        "1e100, 1e+100",
        "-2.5E-9, -2.5e-09"
    })
    void printsAsPythonDoes(String number, String printed) {
        assertThat(print(Double.parseDouble(number))).isEqualTo(printed);
        assertThat(print(read(number))).isEqualTo(printed);
    }

    @Test
    void printsTheShortestDecimalThatReadsBackAndOfThoseTheNearest() {
        samples().forEach(value -> {
            String printed = print(value);
            assertThat(Double.parseDouble(printed)).as(printed).isEqualTo(value);
            int digits = new BigDecimal(printed).stripTrailingZeros().precision();
            if (digits > 1) {
                assertThat(readsBackWith(digits - 1, value))
                        .as(printed + " is not the shortest")
                        .isFalse();
            }
            BigDecimal nearest = new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (nearest.doubleValue() == value) {
                assertThat(new BigDecimal(printed)).as(printed).isEqualByComparingTo(nearest);
            }
        });
    }

    /** Whether any decimal of {@code digits} digits reads back as the value. */
    private static boolean readsBackWith(int digits, double value) {
        BigDecimal exact = new BigDecimal(value);
        return exact.round(new MathContext(digits, RoundingMode.FLOOR)).doubleValue() == value
                || exact.round(new MathContext(digits, RoundingMode.CEILING)).doubleValue() == value;
    }

    @Test
    void readsEveryNumberLikeTheJdk() {
        Random random = new Random(3);
        samples().forEach(value -> {
            assertReads(Double.toString(value));
            assertReads(new BigDecimal(value)
                    .round(new MathContext(1 + random.nextInt(30)))
                    .toString());
        });
        for (int i = 0; i < SAMPLES; i++) {
            String digits = new BigInteger(1 + random.nextInt(90), random).toString();
            assertReads(digits + "." + random.nextInt(1000) + "e" + (random.nextInt(800) - 400));
            assertReads("0." + "0".repeat(random.nextInt(30)) + digits + "E" + (random.nextInt(40) - 20));
        }
    }

    @Test
    void readsNumbersAtAndNextToTheMiddleBetweenTwoDoubles() {
        Random random = new Random(4);
        for (int i = 0; i < 2_000; i++) {
            double low = Math.abs(Double.longBitsToDouble(random.nextLong() & 0x7FDF_FFFF_FFFF_FFFFL));
            BigDecimal middle =
                    new BigDecimal(low).add(new BigDecimal(Math.nextUp(low))).divide(BigDecimal.valueOf(2));
            assertReads(middle.toString());
            assertReads(middle.round(new MathContext(19, RoundingMode.FLOOR)).toString());
            assertReads(middle.round(new MathContext(19, RoundingMode.CEILING)).toString());
            assertReads(middle.round(new MathContext(25, RoundingMode.CEILING)).toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2.4703282292062327e-324, 0",
        "2.4703282292062328e-324, 4.9e-324",
        "2.5e-324, 4.9e-324",
        "7.4e-324, 4.9e-324",
        "1e-323, 9.9e-324",
        "2.2250738585072011e-308, 2.2250738585072011e-308",
        "2.2250738585072014e-308, 2.2250738585072014e-308",
        "1e-400, 0",
        "1e-99999999999999999999, 0",
        "1.7976931348623158e308, 1.7976931348623157e308",
        "1.7976931348623159e308, Infinity",
        "1e309, Infinity",
        "123e999999999999, Infinity",
        "0e999999999999, 0",
        "0.0000000000000000000000001e25, 1"
    })
    void readsNumbersAtTheEndsOfTheRange(String number, double value) {
        assertThat(read(number)).isEqualTo(value);
    }

    @Test
    void readsLongRunsOfZerosThatTheExponentCancels() {
        assertThat(read("0." + "0".repeat(200_000) + "1e200001")).isEqualTo(1.0);
        assertThat(read("1" + "0".repeat(200_000) + "e-200000")).isEqualTo(1.0);
    }

    @Test
    void powersOfTenHoldTheLeadingBitsRoundedDown() {
        for (int e = PowersOfTen.LOWEST; e <= PowersOfTen.HIGHEST; e++) {
            int shift = 127 - PowersOfTen.floorLog2(e);
            BigInteger numerator = BigInteger.TEN.pow(Math.max(0, e)).shiftLeft(Math.max(0, shift));
            BigInteger denominator = BigInteger.TEN.pow(Math.max(0, -e)).shiftLeft(Math.max(0, -shift));
            BigInteger bits = numerator.divide(denominator);
            assertThat(bits.bitLength()).as("10^" + e).isEqualTo(128);
            assertThat(PowersOfTen.high(e)).isEqualTo(bits.shiftRight(64).longValue());
            assertThat(PowersOfTen.low(e)).isEqualTo(bits.longValue());
        }
    }

    /**
     * Returns random bits, powers of two and their neighbours, decimals, and small numbers including subnormal ones.
     */
    private static DoubleStream samples() {
        Random random = new Random(2);
        DoubleStream bits =
                random.longs(SAMPLES).mapToDouble(Double::longBitsToDouble).filter(Double::isFinite);
        DoubleStream powers = DoubleStream.iterate(Double.MIN_VALUE, Double::isFinite, x -> x * 2)
                .flatMap(x -> DoubleStream.of(x, Math.nextUp(x), Math.nextDown(x)))
                .filter(x -> x != 0 && Double.isFinite(x));
        DoubleStream decimals =
                random.ints(SAMPLES, 1, 1_000_000).mapToDouble(i -> i / Math.pow(10, random.nextInt(12)));
        DoubleStream small = random.longs(SAMPLES, 1, 1L << 52)
                .mapToDouble(l -> Double.longBitsToDouble(l >>> random.nextInt(52) | 1));
        return DoubleStream.concat(DoubleStream.concat(bits, powers), DoubleStream.concat(decimals, small));
    }

    private static void assertReads(String number) {
        assertThat(read(number)).as(number).isEqualTo(Double.parseDouble(number));
    }

    private static double read(String number) {
        String plain = number.toLowerCase(Locale.ROOT);
        byte[] bytes = Arrays.copyOf(plain.getBytes(ISO_8859_1), plain.length() + ByteWords.SLACK);
        return DoubleReader.read(bytes, 0, plain.length());
    }

    private String print(double value) {
        byte[] bytes = new byte[ShortestDouble.LONGEST];
        return new String(bytes, 0, shortest.write(value, bytes, 0), ISO_8859_1);
    }
}

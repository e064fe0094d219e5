package dev.ganglion.benchmarks.ceilings;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Redis commands to replay, either recorded from a brain or generated.
 *
 * @param setUp units to send before the measurement, one after the other
 * @param lanes units to measure, one list per connection
 * @param frames number of frames that the lanes hold
 * @param stream key of the stream whose length after the replay must equal {@code frames}
 */
public record Recording(List<Unit> setUp, List<List<Unit>> lanes, int frames, String stream) {
    private static final String[] NOT_REPLAYED = {"HELLO", "AUTH", "CLIENT", "PING", "INFO", "CONFIG", "SELECT"};
    private static final int NAME_WITHIN = 64;

    /**
     * A command, or all commands of one transaction.
     *
     * @param bytes the commands as they go over the wire
     * @param replies number of replies that Redis sends
     */
    @SuppressWarnings("ArrayRecordComponent") // Units are replayed byte by byte and never compared.
    public record Unit(byte[] bytes, int replies) {
        boolean contains(String text) {
            return new String(bytes, StandardCharsets.ISO_8859_1).contains(text);
        }
    }

    /** Takes the commands of one connection in order and joins the commands of each transaction. */
    static final class Joiner {
        private final ByteArrayOutputStream open = new ByteArrayOutputStream();
        private int replies;

        /** Adds a command. Returns the unit that this command completes, or an empty list. */
        List<Unit> add(byte[] command) {
            String name = name(command);
            for (String skipped : NOT_REPLAYED) {
                if (name.equals(skipped)) {
                    return List.of();
                }
            }
            if (replies == 0 && !name.equals("MULTI")) {
                return List.of(new Unit(command, 1));
            }
            open.writeBytes(command);
            replies++;
            if (!name.equals("EXEC")) {
                return List.of();
            }
            Unit unit = new Unit(open.toByteArray(), replies);
            open.reset();
            replies = 0;
            return List.of(unit);
        }
    }

    private static String name(byte[] command) {
        String front = new String(command, 0, Math.min(NAME_WITHIN, command.length), StandardCharsets.ISO_8859_1);
        return front.split("\r\n", 4)[2].toUpperCase(Locale.ROOT);
    }

    /** Generates plain XADD commands with payloads of this many bytes: the least that Redis can do with them. */
    public static Recording plainXadd(int frames, int laneCount, int payloadBytes) {
        String text = randomText(payloadBytes);
        byte[] command = encode("XADD", "bench:plain", "*", "a", "6301bbfc-a0c5-454e-8ff9-bb510944fe0c", "e", text);
        List<List<Unit>> lanes = new ArrayList<>();
        for (int lane = 0; lane < laneCount; lane++) {
            List<Unit> units = new ArrayList<>();
            for (int i = 0; i < frames / laneCount; i++) {
                units.add(new Unit(command, 1));
            }
            lanes.add(units);
        }
        return new Recording(List.of(), lanes, frames / laneCount * laneCount, "bench:plain");
    }

    /** Number of units to measure. */
    public int units() {
        return lanes.stream().mapToInt(List::size).sum();
    }

    static String randomText(int length) {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }

    static byte[] encode(String... words) {
        StringBuilder out = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            out.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return out.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}

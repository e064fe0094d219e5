package dev.ganglion.protocol.json;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * Reads RFC 3339 times and the similar ISO 8601 forms that Python writes.
 *
 * <p>Date and time are separated by {@code T} or a space. Seconds and the fraction (1 to 9 digits) are optional. The
 * zone is {@code Z}, {@code +05:30}, {@code +0530} or {@code +05}. One instance can read many times in turn.
 */
public final class Timestamp {
    private static final int SECONDS_PER_DAY = 86_400;
    private static final int MAX_FRACTION = 9;
    private static final int SHORTEST = "2026-01-01T00:00".length();
    private static final int[] POWERS = {
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000
    };

    private byte[] bytes = new byte[0];
    private int p;
    private int end;
    private boolean valid;
    private long seconds;
    private int nanos;
    private boolean zoned;

    /**
     * Parses a time with a zone.
     *
     * @throws DateTimeParseException if the text is not a time or has no zone
     */
    public static Instant instant(String text) {
        byte[] ascii = text.getBytes(StandardCharsets.UTF_8);
        Timestamp timestamp = new Timestamp();
        if (!timestamp.read(ascii, 0, ascii.length) || !timestamp.zoned) {
            throw new DateTimeParseException("the text must be an RFC 3339 time with a zone", text, 0);
        }
        return timestamp.instant();
    }

    /** Reads the text {@code [start, stop)}, without quotes; returns false if the text is not a time. */
    public boolean read(byte[] text, int start, int stop) {
        if (stop - start < SHORTEST) {
            return false;
        }
        bytes = text;
        end = stop;
        p = start + SHORTEST;
        valid = true;
        int year = two(start) * 100 + two(start + 2);
        int month = two(start + 5);
        int day = two(start + 8);
        int hour = two(start + 11);
        int minute = two(start + 14);
        valid &= text[start + 4] == '-' && text[start + 7] == '-' && text[start + 13] == ':';
        valid &= text[start + 10] == 'T' || text[start + 10] == ' ' || text[start + 10] == 't';
        int second = 0;
        nanos = 0;
        if (at(':', ':')) {
            second = number(p + 1);
            if (at('.', ',')) {
                nanos = fraction();
            }
        }
        int offset = zone();
        valid &= p == end && year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysOfMonth(year, month);
        valid &= hour < 24 && minute < 60 && second < 60;
        seconds = days(year, month, day) * SECONDS_PER_DAY + hour * 3600L + minute * 60L + second - offset;
        return valid;
    }

    /** Whether the last time has a zone. */
    public boolean zoned() {
        return zoned;
    }

    /** The last time in seconds since 1970-01-01T00:00Z. A time without a zone is taken as UTC. */
    public long seconds() {
        return seconds;
    }

    public int nanos() {
        return nanos;
    }

    public Instant instant() {
        return Instant.ofEpochSecond(seconds, nanos);
    }

    private int zone() {
        zoned = p < end;
        if (!zoned) {
            return 0;
        }
        if (at('Z', 'z')) {
            p++;
            return 0;
        }
        boolean west = at('-', '-');
        valid &= west || at('+', '+');
        int hours = number(p + 1);
        int minutes = 0;
        int rest = 0;
        if (p < end) {
            int colon = at(':', ':') ? 1 : 0;
            minutes = number(p + colon);
            if (p < end) {
                rest = number(p + (at(':', ':') ? colon : 0));
            }
        }
        valid &= hours < 24 && minutes < 60 && rest < 60;
        int offset = hours * 3600 + minutes * 60 + rest;
        return west ? -offset : offset;
    }

    private int fraction() {
        int first = p + 1;
        int value = 0;
        for (p = first; p < end && isDigit(bytes[p]) && p < first + MAX_FRACTION; p++) {
            value = value * 10 + bytes[p] - '0';
        }
        valid &= p > first;
        return value * POWERS[first + MAX_FRACTION - p];
    }

    /** Reads two digits at a position that may lie past the end, and moves on to the position after them. */
    private int number(int at) {
        p = at + 2;
        if (p > end) {
            valid = false;
            return 0;
        }
        return two(at);
    }

    private int two(int at) {
        int tens = bytes[at] - '0';
        int ones = bytes[at + 1] - '0';
        valid &= (tens | 9 - tens | ones | 9 - ones) >= 0;
        return tens * 10 + ones;
    }

    private boolean at(char one, char other) {
        return p < end && (bytes[p] == one || bytes[p] == other);
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    private static int daysOfMonth(int year, int month) {
        return switch (month) {
            case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    /**
     * Returns the days since 1970-01-01. The calculation lets years start in March, so that the leap day comes last.
     */
    private static long days(int year, int month, int day) {
        int march = (month + 9) % 12;
        long years = year - (march >= 10 ? 1L : 0L);
        long leapDays = years / 4 - years / 100 + years / 400;
        int dayOfYear = (153 * march + 2) / 5 + day - 1;
        return years * 365 + leapDays + dayOfYear - 719_468;
    }
}

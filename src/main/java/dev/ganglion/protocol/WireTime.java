package dev.ganglion.protocol;

import java.time.Instant;

/** Formats times for the wire. */
public final class WireTime {
    private static final int SECONDS_PER_DAY = 86_400;
    private static final int LENGTH = "2026-01-01T00:00:00.000000Z".length();

    /** Days from 0000-03-01, the start of a cycle of 400 years, to 1970-01-01. */
    private static final int DAYS_TO_EPOCH = 719_468;

    private static final int DAYS_PER_CYCLE = 146_097;

    private WireTime() {}

    /** Formats a time of the years 0 to 9999 as RFC 3339 in UTC with microseconds. */
    public static String time(Instant instant) {
        long seconds = instant.getEpochSecond();
        long day = Math.floorDiv(seconds, (long) SECONDS_PER_DAY) + DAYS_TO_EPOCH;
        int second = (int) Math.floorMod(seconds, (long) SECONDS_PER_DAY);
        long cycle = Math.floorDiv(day, (long) DAYS_PER_CYCLE);
        int dayOfCycle = (int) (day - cycle * DAYS_PER_CYCLE);
        int yearOfCycle = (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365;
        int dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100);
        int march = (5 * dayOfYear + 2) / 153;
        int month = march < 10 ? march + 3 : march - 9;
        int year = (int) (cycle * 400 + yearOfCycle) + (month <= 2 ? 1 : 0);
        char[] text = new char[LENGTH];
        put(text, 0, 4, year, '-');
        put(text, 5, 2, month, '-');
        put(text, 8, 2, dayOfYear - (153 * march + 2) / 5 + 1, 'T');
        put(text, 11, 2, second / 3600, ':');
        put(text, 14, 2, second / 60 % 60, ':');
        put(text, 17, 2, second % 60, '.');
        put(text, 20, 6, instant.getNano() / 1000, 'Z');
        return new String(text);
    }

    private static void put(char[] text, int at, int width, int number, char behind) {
        int rest = number;
        for (int i = at + width - 1; i >= at; i--) {
            text[i] = (char) ('0' + rest % 10);
            rest /= 10;
        }
        text[at + width] = behind;
    }
}

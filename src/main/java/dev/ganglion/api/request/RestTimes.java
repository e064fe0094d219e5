package dev.ganglion.api.request;

import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Converts times between their JSON form and {@link Instant}. */
public final class RestTimes {
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private RestTimes() {}

    /**
     * Parses the time of a field or parameter; null if it is absent. Fails with {@code validation_failed} if it is not
     * an RFC 3339 time with a zone, or outside the years 2000 to 9999.
     */
    public static @Nullable Instant parse(@Nullable String text, String field) {
        if (text == null) {
            return null;
        }
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
                throw new GanglionException(
                        ErrorCode.VALIDATION_FAILED,
                        field + ": must be a time from " + EARLIEST + " to " + LATEST,
                        field);
            }
            return time;
        } catch (DateTimeParseException e) {
            throw new GanglionException(
                    ErrorCode.VALIDATION_FAILED,
                    field + ": must be an RFC 3339 time with a zone, such as 2026-01-31T12:00:00Z",
                    field);
        }
    }

    /** Formats a time in UTC; null stays null. */
    public static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}

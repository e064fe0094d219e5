package dev.ganglion.api.request;

import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Converts times between their JSON form and {@link Instant}. */
public final class RestTimes {
    private RestTimes() {}

    /**
     * Parses the time of a field or parameter; null if it is absent. Fails with {@code validation_failed} if it is not
     * an RFC 3339 time with a zone.
     */
    public static @Nullable Instant parse(@Nullable String text, String field) {
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
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

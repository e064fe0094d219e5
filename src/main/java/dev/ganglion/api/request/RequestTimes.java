package dev.ganglion.api.request;

import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Parses times from requests. */
public final class RequestTimes {
    private RequestTimes() {}

    /**
     * Parses the time of a field or parameter; null if it is absent. Fails with {@code validation_failed} if it is not
     * an RFC 3339 time with a zone.
     */
    public static @Nullable Instant of(@Nullable String text, String field) {
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
}

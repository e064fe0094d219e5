package dev.ganglion.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.protocol.WireTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampTest {
    private final Timestamp timestamp = new Timestamp();

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T15:51:23.652570Z, 2026-11-22T15:51:23.652570Z", "2026-11-22T15:51:23Z, 2026-11-22T15:51:23Z",
        "2026-11-22T15:51:23+00:00, 2026-11-22T15:51:23Z", "2026-11-22 15:51:23.5+05:30, 2026-11-22T10:21:23.5Z",
        "2026-11-22T15:51:23+0530, 2026-11-22T10:21:23Z", "2026-11-22T15:51:23-08, 2026-11-22T23:51:23Z",
        "2026-11-22T15:51Z, 2026-11-22T15:51:00Z", "2026-11-22t15:51:23z, 2026-11-22T15:51:23Z",
        "2026-11-22T15:51:23.1Z, 2026-11-22T15:51:23.1Z",
                "2026-11-22T15:51:23.123456789Z, 2026-11-22T15:51:23.123456789Z",
        "1970-01-01T00:00:00Z, 1970-01-01T00:00:00Z", "1969-12-31T23:59:59.5Z, 1969-12-31T23:59:59.5Z",
        "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z, 9999-12-31T23:59:59Z",
        "2024-02-29T12:00:00Z, 2024-02-29T12:00:00Z", "2000-02-29T12:00:00Z, 2000-02-29T12:00:00Z",
        "1900-01-01T00:00:00+05:53:28, 1899-12-31T18:06:32Z", "2026-11-22T00:30:00+01:00, 2026-11-21T23:30:00Z"
    })
    void readsTheFormsOfPythonAndRfc3339(String text, Instant instant) {
        assertThat(read(text)).isTrue();
        assertThat(timestamp.zoned()).isTrue();
        assertThat(timestamp.instant()).isEqualTo(instant);
    }

    @Test
    void readsATimeWithoutAZoneAndReportsIt() {
        assertThat(read("2026-11-22T15:51:23.652570")).isTrue();
        assertThat(timestamp.zoned()).isFalse();
        assertThatThrownBy(() -> Timestamp.instant("2026-11-22T15:51:23")).isInstanceOf(DateTimeException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2026",
                "2026-11-22",
                "2026-11-22T",
                "2026-11-22T15",
                "2026-11-22T15:5",
                "2026-11-22T15:51:2Z",
                "2026-11-22T15:51:23.Z",
                "2026-11-22T15:51:23.1234567890Z",
                "2026-11-22T15:51:60Z",
                "2026-11-22T15:60:00Z",
                "2026-11-22T24:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-00-01T00:00:00Z",
                "2026-01-00T00:00:00Z",
                "2026-01-32T00:00:00Z",
                "2026-02-29T00:00:00Z",
                "1900-02-29T00:00:00Z",
                "2026-04-31T00:00:00Z",
                "0000-01-01T00:00:00Z",
                "2026-11-22_15:51:23Z",
                "2026/11/22T15:51:23Z",
                "2026-11-22T15:51:23ZZ",
                "2026-11-22T15:51:23 Z",
                " 2026-11-22T15:51:23Z",
                "2026-11-22T15:51:23+",
                "2026-11-22T15:51:23+1",
                "2026-11-22T15:51:23+24:00",
                "2026-11-22T15:51:23+10:60",
                "2026-11-22T15:51:23+10:0",
                "2026-11-22T15:51:23+10:00:00:00",
                "2026-11-22T15:51:23+10:",
                "2026-11-22T15:51:23?",
                "2026-11-22T1a:51:23Z",
                "２026-11-22T15:51:23Z",
                "-026-11-22T15:51:23Z",
                "2026-11-22T15:51:Z",
                "2026-11-22T15:51:23,Z"
            })
    void rejectsAnyOtherText(String text) {
        assertThat(read(text)).isFalse();
    }

    @Test
    void readsAndWritesDatesOfAllYearsLikeTheCalendar() {
        Random random = new Random(1);
        for (LocalDate day = LocalDate.of(1, 1, 1);
                day.getYear() < 10_000;
                day = day.plusDays(1 + random.nextInt(40))) {
            OffsetDateTime time = day.atTime(
                            random.nextInt(24), random.nextInt(60), random.nextInt(60), random.nextInt(1_000_000_000))
                    .atOffset(ZoneOffset.ofHoursMinutes(random.nextInt(18), random.nextInt(60)));
            String text = String.format("%04d", day.getYear())
                    + time.toString().substring(time.toString().indexOf('-', 1));
            assertThat(read(text)).as(text).isTrue();
            assertThat(timestamp.instant()).as(text).isEqualTo(time.toInstant());

            Instant utc = day.atTime(time.toLocalTime()).toInstant(ZoneOffset.UTC);
            assertThat(read(WireTime.time(utc))).isTrue();
            assertThat(timestamp.instant()).isEqualTo(utc.truncatedTo(ChronoUnit.MICROS));
        }
    }

    private boolean read(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return timestamp.read(bytes, 0, bytes.length);
    }
}

package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that agents see a version with their own major and minor number, so that they do not warn. */
class AnnouncedVersionTest {
    @ParameterizedTest
    @CsvSource({
        "1.13.0, 1.13.0+ganglion.0.2.0",
        "1.13, 1.13.0+ganglion.0.2.0",
        "1.6.9, 1.6.0+ganglion.0.2.0",
        "2.0.0rc1, 2.0.0+ganglion.0.2.0",
        "1.14.0.dev3+local, 1.14.0+ganglion.0.2.0",
        "'', 0.2.0",
        "unknown, 0.2.0",
        "1, 0.2.0",
        "99999999999.1, 0.2.0",
    })
    void announcesTheAgentsMajorAndMinorNumber(String agent, String announced) {
        assertThat(AnnouncedVersion.to(agent, "0.2.0")).isEqualTo(announced);
    }
}

package dev.ganglion.api.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DashboardCloseTest {
    @Test
    void restGuideListsEveryCode() throws IOException {
        String guide = Files.readString(Path.of("src/docs/rest-guide.md"));

        assertThat(DashboardClose.values())
                .allSatisfy(close -> assertThat(guide).contains("\n| " + close.code() + " | "));
    }
}

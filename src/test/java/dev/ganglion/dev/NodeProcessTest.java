package dev.ganglion.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NodeProcessTest {
    @Test
    void imagePassesTheJvmOptionsOfEveryNode() throws IOException {
        String image = Files.readString(Path.of("docker", "Dockerfile"));

        assertThat(NodeProcess.JVM_OPTIONS)
                .isNotEmpty()
                .allSatisfy(flag -> assertThat(image).contains('"' + flag + '"'));
    }
}

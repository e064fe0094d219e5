package dev.ganglion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.cli.Console;
import dev.ganglion.cli.Main;
import dev.ganglion.config.ConfigReference;
import dev.ganglion.dev.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Checks the README's configuration keys and commands, and the image's JVM options, against the code. */
class ReadmeTest {
    private static final Path README = Path.of("README.md");

    @Test
    void containsTheGeneratedTableOfKeys() throws IOException {
        String readme = Files.readString(README);

        assertThat(readme).contains(ConfigReference.markdown());
    }

    @Test
    void listsEveryCommand() throws IOException {
        String readme = Files.readString(README);

        assertThat(Main.commandLine(Console.system()).getSubcommands().keySet())
                .isNotEmpty()
                .allSatisfy(command -> assertThat(readme).contains("| `" + command));
    }

    @Test
    void containsTheBuildCommands() throws IOException {
        String readme = Files.readString(README);

        assertThat(readme)
                .contains("\nmvn -q -DskipTests package && java -jar target/ganglion.jar dev\n")
                .contains("\nmvn verify\n");
    }

    @Test
    void imagePassesTheJvmOptionsOfEveryNode() throws IOException {
        String image = Files.readString(Path.of("docker", "Dockerfile"));

        assertThat(NodeProcess.JVM).allSatisfy(flag -> assertThat(image).contains('"' + flag + '"'));
    }
}

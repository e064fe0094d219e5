package dev.ganglion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.config.ConfigReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the README says of the configuration and of the commands is what there is. */
class ReadmeTest {
    private static final Path README = Path.of("README.md");

    @Test
    void theConfigurationTableIsTheOneThatTheKeysGive() throws IOException {
        String readme = Files.readString(README);

        assertThat(readme).contains(ConfigReference.markdown());
    }

    @Test
    void everyCommandIsInTheTableOfCommands() throws IOException {
        String readme = Files.readString(README);

        assertThat(Main.commandLine(Console.system()).getSubcommands().keySet())
                .isNotEmpty()
                .allSatisfy(command -> assertThat(readme).contains("| `" + command));
    }

    @Test
    void theTwoCommandsStandThereAsTheyAreRun() throws IOException {
        String readme = Files.readString(README);

        assertThat(readme)
                .contains("\nmvn -q -DskipTests package && java -jar target/ganglion.jar dev\n")
                .contains("\nmvn verify\n");
    }

    @Test
    void theImageTellsItsJvmWhatEveryNodesIsTold() throws IOException {
        String image = Files.readString(Path.of("docker", "Dockerfile"));

        assertThat(NodeProcess.JVM).allSatisfy(flag -> assertThat(image).contains('"' + flag + '"'));
    }
}

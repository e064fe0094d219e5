package dev.ganglion.cli;

import dev.ganglion.RunningBrain;
import dev.ganglion.config.ConfigLoader;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.config.source.ConfigSources;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Implements {@code ganglion serve}, which runs a node in production. */
@Command(
        name = "serve",
        description = {
            "Run a node of the brain on an existing Redis.",
            "The node needs a master-secret of 32 bytes or more. SIGTERM stops the node cleanly."
        })
final class ServeCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--supervised",
            hidden = true,
            paramLabel = "NAME",
            description =
                    "Read the configuration from a supervisor over standard input, and end when the supervisor ends.")
    private @Nullable String supervised;

    ServeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        GanglionConfig config = ConfigLoader.load(sources()).config();
        RunningBrain running = RunningBrain.start(config);
        running.stopAtExit(() -> {}, () -> {});
        String scheme = config.http().tls().isPresent() ? "https" : "http";
        console.out()
                .printf(
                        "Ganglion serves on %s://%s:%d%n",
                        scheme, config.http().host(), running.brain().port());
        running.brain().newAdminKey().ifPresent(key -> {
            console.out().println("New admin key, shown only this once: " + key.value());
        });
        running.awaitEnd();
        return ExitCode.OK;
    }

    private ConfigSources sources() throws IOException {
        return supervised == null
                ? options.sources(console.environment())
                : new Supervision(System.in).begin(console.environment());
    }
}

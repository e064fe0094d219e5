package dev.ganglion.cli;

import dev.ganglion.config.GanglionConfig;
import dev.ganglion.dev.LocalBrainClient;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Implements {@code ganglion health}, which checks the brain that runs on this machine with the same configuration. */
@Command(
        name = "health",
        description = {
            "Check the brain on this machine, found by its configuration, for example in a container health check.",
            "Exits with 0 if the brain is healthy, and with 1 if the brain is not healthy or does not answer."
        })
final class HealthCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--ready",
            description = "Check whether the brain is ready for traffic (/readyz), not only whether it is alive.")
    private boolean ready;

    HealthCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        GanglionConfig config = options.load(console.environment()).config();
        String path = ready ? "/readyz" : "/healthz";
        String status = LocalBrainClient.of(config, config.http().port()).status(path);
        console.out().println(path + ": " + status);
        return status.contains(" 200 ") ? ExitCode.OK : ExitCode.FAILED;
    }
}

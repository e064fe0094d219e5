package dev.ganglion;

import dev.ganglion.config.GanglionConfig;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Implements {@code ganglion health}, which checks the brain that runs on this machine with the same configuration. */
@Command(
        name = "health",
        description = {
            "Ask the brain on this machine, found by its configuration, whether it is well: for container health checks.",
            "Ends with 0 when it is, with 1 when it is not or does not answer."
        })
final class HealthCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Option(names = "--ready", description = "Whether it should get traffic (/readyz), not only whether it lives.")
    private boolean ready;

    HealthCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        GanglionConfig config = options.load(console.environment()).config();
        String path = ready ? "/readyz" : "/healthz";
        String status = NodePort.of(config, config.http().port()).status(path);
        console.out().println(path + ": " + status);
        return status.contains(" 200 ") ? ExitCode.OK : ExitCode.FAILED;
    }
}

package dev.ganglion.benchmarks.suite;

import dev.ganglion.benchmarks.cost.FrameParts;
import dev.ganglion.benchmarks.host.Machine;
import dev.ganglion.benchmarks.host.RedisServer;
import dev.ganglion.benchmarks.report.MarkdownReport;
import dev.ganglion.benchmarks.report.ReadmeBlock;
import dev.ganglion.benchmarks.report.ResultFolder;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code bench}: runs all measurements and writes the results. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        subcommands = {LoadCommand.class, FramesCommand.class, PartsCommand.class},
        description = "Measure the throughput and the costs of a brain on this machine, and the ceilings of its parts.")
public final class Bench implements Callable<Integer> {
    @Option(names = "--smoke", description = "Run everything briefly in about a minute and keep no results.")
    private boolean smoke;

    @Option(names = "--only", split = ",", description = "Run only these parts: ${DEFAULT-VALUE}.")
    private List<String> only = List.of("verify", "single", "projection", "ceilings", "pair");

    @Option(names = "--brief", description = "Run everything in short form, to see whether the machine is ready.")
    private boolean brief;

    @Option(
            names = "--soak",
            arity = "0..1",
            fallbackValue = "30",
            description = "Run only the soak test, for this many minutes (30).")
    private @Nullable Integer soak;

    @Option(names = "--report", description = "Only write the page and charts of the newest folder again.")
    private boolean report;

    @Option(names = "--write", description = "Write the newest tables into the READMEs and the page about benchmarks.")
    private boolean write;

    @Option(names = "--readme", description = "Path of the project's README: ${DEFAULT-VALUE}.")
    private Path readme = Path.of("../README.md");

    @Option(names = "--page", description = "Path of the page about benchmarks: ${DEFAULT-VALUE}.")
    private Path page = Path.of("../src/docs/benchmarks.md");

    @Option(names = "--jar", description = "Path of the brain's jar.")
    private Path jar = Path.of("../target/ganglion.jar");

    @Option(
            names = "--previous",
            description = "Directory of an earlier version, which benchmarks/previous builds: ${DEFAULT-VALUE}.")
    private Path previous = Path.of("target/previous");

    @Option(names = "--results", description = "Directory of all results.")
    private Path results = Path.of("results");

    /** Runs the command line. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (smoke) {
            try (RunProcesses processes = new RunProcesses(jar)) {
                new Smoke(processes).run();
            }
            return 0;
        }
        ResultFolder folder = report ? ResultFolder.newest(results).orElseThrow() : ResultFolder.today(results);
        if (!report) {
            try (RunProcesses processes = new RunProcesses(jar)) {
                if (soak == null) {
                    folder.put("machine", machine());
                    measure(processes, folder);
                } else {
                    new Soak(processes, folder).run(soak);
                }
            }
        }
        MarkdownReport.write(folder);
        if (write) {
            ReadmeBlock.write(readme, page, Path.of("README.md"), folder);
        }
        Progress.say("The results are in " + folder.path());
        return 0;
    }

    private JsonObject machine() {
        return Machine.describe(RedisServer.version("7.0.15 (bundled)"))
                .put(
                        "measured_at",
                        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("load_before", Machine.load());
    }

    private void measure(RunProcesses processes, ResultFolder folder) {
        Extent extent = brief ? Extent.BRIEF : Extent.FULL;
        List<JsonObject> parts = new ArrayList<>();
        verify(extent, folder, parts);
        if (only.contains("single")) {
            new SingleNode(processes, extent, folder).run();
            verify(extent, folder, parts);
        }
        if (only.contains("projection")) {
            new Projections(processes, extent, folder, previous).run();
        }
        if (only.contains("ceilings")) {
            new Ceilings(processes, extent, folder).run();
            verify(extent, folder, parts);
        }
        if (only.contains("pair")) {
            new TwoNodes(processes, extent, folder).run();
            verify(extent, folder, parts);
        }
    }

    /**
     * Measures one round of verifying. The rounds are spread over the whole run, because a processor is sometimes
     * slower for a minute.
     */
    private void verify(Extent extent, ResultFolder folder, List<JsonObject> rounds) {
        if (only.contains("verify")) {
            Progress.say("verify: a frame and its parts");
            rounds.addAll(FrameParts.measureAll(extent.samplerRounds()));
            folder.put("verify", rounds);
        }
    }
}

package dev.ganglion.cli;

import dev.ganglion.RunningBrain;
import dev.ganglion.auth.MasterSecrets;
import dev.ganglion.config.ConfigLoader;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.config.source.ConfigSources;
import dev.ganglion.config.value.Secret;
import dev.ganglion.dev.DemoProject;
import dev.ganglion.dev.DevBanner;
import dev.ganglion.dev.DevHome;
import dev.ganglion.dev.DevNodes;
import dev.ganglion.dev.LocalBrainClient;
import dev.ganglion.dev.NodeLauncher;
import dev.ganglion.dev.RestEnrolment;
import dev.ganglion.dev.SimulatedAgents;
import dev.ganglion.dev.redis.RedisProcess;
import dev.ganglion.dev.redis.RedisSpec;
import dev.ganglion.protocol.KeyDerivation;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Implements {@code ganglion dev}, which runs a brain, Redis, a demo project and simulated agents on one machine. */
@Command(
        name = "dev",
        description = {
            "Run a brain with its own Redis, a demo project and simulated agents.",
            "With --nodes, run a cluster of several nodes on that Redis.",
            "Data and secrets are stored under GANGLION_HOME (default ~/.ganglion) and reused by the next start."
        })
final class DevCommand implements Callable<Integer> {
    private static final int MAX_NODES = 9;
    private static final int MAX_AGENTS = 1_000;

    private final Console console;

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--agents",
            paramLabel = "N",
            defaultValue = "3",
            description = "Number of simulated agents, 0 to 1000 (default: 3).")
    private int agents;

    @Option(names = "--no-agents", description = "Run no simulated agents.")
    private boolean noAgents;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Number of nodes, 1 to 9, as separate processes on http.port and the ports after it (default: 1, in"
                            + " this process).")
    private int nodes;

    @Spec
    private @Nullable CommandSpec spec;

    DevCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        check("--nodes", nodes, 1, MAX_NODES);
        check("--agents", agents, 0, MAX_AGENTS);
        DevHome home = DevHome.open(console.environment());
        RedisProcess redis = RedisProcess.start(RedisSpec.inHome(home.path()));
        redis.onDeath(how -> console.err().println("ganglion: " + how));
        try {
            return nodes == 1 ? runHere(home, redis) : supervise(home, redis);
        } catch (Exception e) {
            redis.stop();
            throw e;
        }
    }

    private int runHere(DevHome home, RedisProcess redis) throws Exception {
        GanglionConfig config = ConfigLoader.load(sources(home, redis)).config();
        RunningBrain running = RunningBrain.start(config);
        int port = running.brain().port();
        SimulatedAgents simulated = new SimulatedAgents(config, List.of(LocalBrainClient.url(config, port, "ws")));
        running.stopAtExit(simulated::stop, redis::stop);
        DemoProject demo = DemoProject.open(
                home,
                new StoreEnrolment(running.brain()),
                hmacSecrets(running.brain().masters()));
        new DevBanner(console.out(), config, port).print(home, demo.agent("my-agent"), List.of());
        simulated.start(demo, simulatedAgents());
        running.awaitEnd();
        return ExitCode.OK;
    }

    /**
     * Runs several nodes as child processes. This process is not a node; it supervises the nodes and stops them and
     * Redis.
     */
    private int supervise(DevHome home, RedisProcess redis) throws Exception {
        ConfigSources sources = sources(home, redis);
        GanglionConfig config = ConfigLoader.load(sources).config();
        RunningBrain.logAsConfigured(config);
        DevNodes cluster = new DevNodes(
                new NodeLauncher(Main.class, console.out(), console.err()), sources, config, home.path(), nodes);
        SimulatedAgents simulated = new SimulatedAgents(
                config,
                cluster.ports().stream()
                        .map(port -> LocalBrainClient.url(config, port, "ws"))
                        .toList());
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            simulated.stop();
                            cluster.stop();
                            redis.stop();
                        },
                        "ganglion-stop"));
        try {
            cluster.start();
            cluster.awaitReady();
            int first = cluster.ports().get(0);
            Secret adminKey = config.security().adminKey().orElseThrow();
            DemoProject demo = DemoProject.open(
                    home,
                    new RestEnrolment(LocalBrainClient.of(config, first), adminKey),
                    hmacSecrets(new MasterSecrets(
                            config.security().requiredMasterSecret(),
                            config.security().previousSecrets())));
            new DevBanner(console.out(), config, first).print(home, demo.agent("my-agent"), cluster.descriptions());
            simulated.start(demo, simulatedAgents());
            cluster.awaitEnd();
            return ExitCode.FAILED;
        } catch (Exception e) {
            cluster.stop();
            throw e;
        }
    }

    private static UnaryOperator<String> hmacSecrets(MasterSecrets masters) {
        return projectId -> KeyDerivation.secretText(masters.projectSecret(0, projectId));
    }

    private void check(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    option + " must be " + least + " to " + most + ", not " + value);
        }
    }

    private int simulatedAgents() {
        return noAgents ? 0 : agents;
    }

    private ConfigSources sources(DevHome home, RedisProcess redis) throws IOException {
        Map<String, String> presets = new LinkedHashMap<>();
        presets.put("redis.uri", redis.uri().connectionString().value());
        presets.put("redis.durability", "always");
        presets.put("master-secret", home.masterSecret().value());
        presets.put("admin-key", home.adminKey().value());
        presets.put("drain.window", "500ms");
        presets.put("log.level", "warn");
        return options.sources(console.environment()).withPresets(presets);
    }
}

package dev.ganglion.benchmarks.suite;

import dev.ganglion.benchmarks.generator.Credential;
import dev.ganglion.benchmarks.generator.Target;
import dev.ganglion.benchmarks.host.ChildProcess;
import dev.ganglion.benchmarks.host.RedisProbe;
import dev.ganglion.benchmarks.load.Caps;
import dev.ganglion.benchmarks.load.Commands;
import dev.ganglion.benchmarks.load.Connect;
import dev.ganglion.benchmarks.load.Idle;
import dev.ganglion.benchmarks.load.Ingest;
import dev.ganglion.benchmarks.load.Mixed;
import dev.ganglion.benchmarks.load.Rest;
import dev.ganglion.benchmarks.load.ServerUnderTest;
import dev.ganglion.benchmarks.load.StoredCheck;
import dev.ganglion.benchmarks.projection.ProjectionLoad;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code bench load}: runs one scenario against a server that is already running. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = {
            "Load a brain, or any server that speaks the protocol, and print the result as JSON.",
            "The command creates its agents with the admin key in $GANGLION_ADMIN_KEY, or takes those of --agents."
        })
final class LoadCommand implements Callable<Integer> {
    private static final double WARM_SECONDS = 6;
    private static final Duration SETTLE = Duration.ofSeconds(30);

    @Option(
            names = "--url",
            required = true,
            split = ",",
            description = "Base address of the server; several nodes separated by commas.")
    private List<URI> urls = List.of();

    @Option(names = "--path", description = "Path that agents connect to: ${DEFAULT-VALUE}.")
    private String path = RunProcesses.AGENT_PATH;

    @Option(
            names = "--agents",
            description = "File with a JSON list of {agent_id, project_id, token, hmac_secret}; ingest only.")
    private @Nullable Path agents;

    @Option(
            names = "--scenario",
            description = "ingest, projection, connect, idle, command, caps or mixed: ${DEFAULT-VALUE}.")
    private String scenario = "ingest";

    @Option(names = "--events", description = "Events per frame: ${DEFAULT-VALUE}.")
    private int events = 100;

    @Option(names = "--connections", description = "Number of connections or agents: ${DEFAULT-VALUE}.")
    private int connections = 16;

    @Option(names = "--rate", description = "Frames per second in an open loop; without it, the loop is closed.")
    private double rate;

    @Option(names = "--window", description = "Batches in flight per connection in a closed loop.")
    private int window;

    @Option(names = "--warm-up", description = "Seconds before the measurement: ${DEFAULT-VALUE}.")
    private double warmUp = 5;

    @Option(names = "--seconds", description = "Seconds of the measurement: ${DEFAULT-VALUE}.")
    private double seconds = 10;

    @Option(names = "--brain-pid", split = ",", description = "Process ids of the brain, if it runs on this machine.")
    private List<Long> brainPids = List.of();

    @Option(names = "--redis-pid", description = "Process id of Redis, if it runs on this machine.")
    private @Nullable Long redisPid;

    @Option(
            names = "--redis",
            description = "host:port of Redis, to count stored batches; the password is in $REDIS_PASSWORD.")
    private @Nullable String redis;

    @Option(
            names = "--count",
            description = "Shell command that prints the number of stored events; required with --agents.")
    private @Nullable String count;

    @Override
    public Integer call() throws Exception {
        System.out.println(run(underTest()).encodePrettily());
        return 0;
    }

    private ServerUnderTest underTest() {
        String key = System.getenv().getOrDefault("GANGLION_ADMIN_KEY", "");
        // A server with given agents may be no brain and may lack REST and metrics.
        List<Rest> nodes =
                agents == null ? urls.stream().map(url -> new Rest(url, key)).toList() : List.of();
        return new ServerUnderTest(
                new Target(urls.get(0), path),
                nodes,
                brainPids,
                redisPid == null ? OptionalLong.empty() : OptionalLong.of(redisPid),
                Optional.ofNullable(redis).map(LoadCommand::probe));
    }

    private static RedisProbe probe(String address) {
        int colon = address.lastIndexOf(':');
        return new RedisProbe(
                address.substring(0, colon),
                Integer.parseInt(address.substring(colon + 1)),
                System.getenv().getOrDefault("REDIS_PASSWORD", ""));
    }

    /**
     * Warms up the generator on a bare server. At a few frames per second, cold code of the generator would be much of
     * the measured latency.
     */
    private void warmItself() {
        try (RunProcesses processes = RunProcesses.withoutBrain();
                ChildProcess server = processes.bareServer()) {
            JsonObject unused = Ingest.closed(events, connections, 1, WARM_SECONDS)
                    .run(RunProcesses.serverUnderTest(server), RunProcesses.unknownAgents(), acked -> new JsonObject());
        }
    }

    private JsonObject run(ServerUnderTest underTest) throws IOException {
        if (rate > 0) {
            warmItself();
        }
        Ingest ingest = rate > 0 ? Ingest.open(events, connections, rate, warmUp, seconds) : closed();
        if (agents != null) {
            String command = count;
            if (!scenario.equals("ingest") || command == null) {
                throw new IllegalArgumentException("--agents works only with --scenario ingest and with --count");
            }
            return ingest.run(underTest, given(agents), StoredCheck.counting(() -> counted(command)));
        }
        return switch (scenario) {
            case "ingest" -> ingest.run(underTest);
            case "projection" -> new ProjectionLoad(ingest, SETTLE).run(underTest);
            case "connect" -> new Connect(connections, 64).run(underTest);
            case "idle" -> new Idle(connections, 64, seconds).run(underTest);
            case "command" -> new Commands(connections, connections).run(underTest);
            case "caps" -> new Caps(Math.max(1, connections / 4), connections, 1).run(underTest);
            case "mixed" -> new Mixed(connections, 2, 5, warmUp, seconds).run(underTest);
            default ->
                throw new IllegalArgumentException("--scenario: unknown scenario " + scenario
                        + "; use ingest, projection, connect, idle, command, caps or mixed");
        };
    }

    private Ingest closed() {
        return window > 0
                ? new Ingest(events, connections, window, 0, warmUp, seconds)
                : Ingest.closed(events, connections, warmUp, seconds);
    }

    static List<Credential> given(Path file) throws IOException {
        List<Credential> list = new ArrayList<>();
        new JsonArray(Files.readString(file)).forEach(each -> list.add(Credential.of((JsonObject) each)));
        return list;
    }

    private static long counted(String command) {
        try {
            Process process = new ProcessBuilder("sh", "-c", command).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Long.parseLong(output.trim());
        } catch (IOException e) {
            throw new IllegalStateException("--count: cannot run the command", e);
        }
    }
}

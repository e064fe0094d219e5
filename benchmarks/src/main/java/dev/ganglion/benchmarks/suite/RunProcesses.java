package dev.ganglion.benchmarks.suite;

import dev.ganglion.benchmarks.ceilings.BareServer;
import dev.ganglion.benchmarks.generator.Credential;
import dev.ganglion.benchmarks.generator.Target;
import dev.ganglion.benchmarks.host.ChildProcess;
import dev.ganglion.benchmarks.load.ServerUnderTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Starts the processes of a run and holds their files in a temporary directory, which is deleted at the end. */
final class RunProcesses implements AutoCloseable {
    static final String AGENT_PATH = "/ws/agent";

    private static final List<String> SERVER_JVM = List.of("-Xms1g", "-Xmx3g");

    private final Path jar;
    private final Path home;
    private int started;

    /** Creates the temporary directory. */
    RunProcesses(Path jar) {
        this.jar = jar;
        try {
            home = Files.createTempDirectory("ganglion-bench");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Creates an instance that can start bare servers only. */
    static RunProcesses withoutBrain() {
        return new RunProcesses(Path.of(""));
    }

    Path home() {
        return home;
    }

    Path log(String name) {
        return home.resolve(++started + "-" + name + ".log");
    }

    LocalRedis redis(String name, String appendfsync) {
        return new LocalRedis(home.resolve(name), appendfsync);
    }

    LocalBrain brain(String redisUri, String... settings) {
        return LocalBrain.start(jar, log("brain"), redisUri, List.of(settings));
    }

    /** Starts a brain of another version. */
    LocalBrain brain(Path otherJar, String redisUri) {
        return LocalBrain.start(otherJar, log("other-brain"), redisUri, List.of());
    }

    /** Starts two brains of one cluster that connect to Redis at this port. */
    List<LocalBrain> pair(LocalRedis redis, int redisPort) {
        int[] ports = freePorts(2);
        String members = "cluster.members=127.0.0.1:" + ports[0] + ",127.0.0.1:" + ports[1];
        List<LocalBrain> brains = new ArrayList<>();
        for (int port : ports) {
            brains.add(brain(
                    redis.uri(redisPort),
                    members,
                    "cluster.name=bench-" + ports[0],
                    "cluster.port=" + port,
                    "cluster.bus-port=0"));
        }
        return brains;
    }

    ChildProcess bareServer() {
        return ChildProcess.java(BareServer.class, SERVER_JVM, List.of(), log("bare-server"));
    }

    static ServerUnderTest serverUnderTest(List<LocalBrain> brains, LocalRedis redis) {
        return new ServerUnderTest(
                new Target(brains.get(0).url(), AGENT_PATH),
                brains.stream().map(LocalBrain::rest).toList(),
                brains.stream().map(LocalBrain::pid).toList(),
                OptionalLong.of(redis.pid()),
                Optional.of(redis.probe()));
    }

    /** Describes a bare server, which has neither REST nor metrics. */
    static ServerUnderTest serverUnderTest(ChildProcess bareServer) {
        int port = Integer.parseInt(bareServer.awaitReady().split(" ", -1)[1]);
        return new ServerUnderTest(
                new Target(URI.create("http://127.0.0.1:" + port), "/ws"),
                List.of(),
                List.of(bareServer.pid()),
                OptionalLong.empty(),
                Optional.empty());
    }

    /** Credentials for the bare server, which does not check them. */
    static List<Credential> unknownAgents() {
        return List.of(new Credential("agent", "project", "token", new byte[32]));
    }

    static int[] freePorts(int count) {
        int[] ports = new int[count];
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                sockets.add(socket);
                ports[i] = socket.getLocalPort();
            }
            for (ServerSocket socket : sockets) {
                socket.close();
            }
            return ports;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try (var files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                boolean unused = file.toFile().delete();
            });
        } catch (IOException e) {
            System.err.println("Cannot delete " + home + ": " + e);
        }
    }
}

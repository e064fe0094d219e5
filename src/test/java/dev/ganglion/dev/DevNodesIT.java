package dev.ganglion.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.testing.fault.FaultLoad;
import dev.ganglion.testing.fault.FaultProcess;
import dev.ganglion.testing.fault.FaultRest;
import dev.ganglion.testing.network.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@code dev --nodes 3}: the processes start and end together, except for a killed node. */
@Timeout(600)
class DevNodesIT {
    private static final int NODES = 3;
    private static final Duration GONE = Duration.ofSeconds(15);

    @TempDir
    Path home;

    @TempDir
    Path outputs;

    private final int port = Ports.firstOf(NODES);
    private final List<ProcessHandle> started = new ArrayList<>();
    private FaultProcess dev;

    @BeforeEach
    void start() throws IOException {
        dev = FaultProcess.start(
                outputs,
                Map.of("GANGLION_HOME", home.toString(), "GANGLION_HTTP_PORT", String.valueOf(port)),
                "dev",
                "--agents=3",
                "--nodes=" + NODES);
        dev.awaitLine("Ctrl-C stops everything", Duration.ofMinutes(3));
        started.addAll(nodes());
        started.add(redis());
    }

    @AfterEach
    void stop() {
        dev.close();
        started.forEach(ProcessHandle::destroyForcibly);
    }

    private ProcessHandle redis() throws IOException {
        String pid =
                Files.readString(home.resolve("redis").resolve("redis.pid")).strip();
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private ProcessHandle node(int number) {
        String pid = dev.awaitLine(":" + (port + number) + ", process (\\d+)");
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private List<ProcessHandle> nodes() {
        return IntStream.range(0, NODES).mapToObj(this::node).toList();
    }

    private FaultRest rest(int number) {
        return new FaultRest(port + number, dev.awaitLine("admin key +(\\S+)"));
    }

    private List<ProcessHandle> alive() {
        return started.stream().filter(ProcessHandle::isAlive).toList();
    }

    private FaultLoad load(int number) {
        return new FaultLoad(
                rest(number),
                List.of(new FaultRest.Enrolled(
                        dev.awaitLine("Z4J_AGENT_ID=(\\S+)"),
                        dev.awaitLine("Z4J_TOKEN=(\\S+)"),
                        dev.awaitLine("Z4J_HMAC_SECRET=(\\S+)"))),
                2,
                "node-" + number + "-");
    }

    @Test
    void runsNodesAsChildrenAndStopsAllOfThem() {
        assertThat(nodes())
                .allMatch(node -> node.parent()
                        .filter(parent -> parent.pid() == dev.pid())
                        .isPresent());
        for (int number = 0; number < NODES; number++) {
            assertThat(rest(number).ready()).startsWith("200");
        }
        await("agents of all nodes")
                .atMost(Duration.ofSeconds(60))
                .until(() -> rest(NODES - 1).storedIds("demo").size() > 20);

        assertThat(dev.terminate(GONE)).as("ended in time").isTrue();

        assertThat(alive()).isEmpty();
        assertThat(dev.output()).doesNotContain("did not stop in time", "WARNING", "did not stop cleanly");
    }

    @Test
    void reportsAnOccupiedPortBeforeItStartsAnyNode(@TempDir Path other) {
        int taken = port + NODES - 1;
        try (FaultProcess second = FaultProcess.start(
                outputs,
                Map.of("GANGLION_HOME", other.toString(), "GANGLION_HTTP_PORT", String.valueOf(taken)),
                "dev",
                "--nodes=2")) {
            second.awaitLine("ganglion: cannot listen on http.host 127.0.0.1, port " + taken, Duration.ofMinutes(2));

            await().atMost(GONE).until(() -> ProcessHandle.of(second.pid()).isEmpty());
            assertThat(second.output()).doesNotContain("[" + taken + "]");
        }
    }

    @Test
    void nodesAndRedisEndWithAKilledSupervisor() {
        dev.kill9();

        await().atMost(GONE).untilAsserted(() -> assertThat(alive()).isEmpty());
    }

    @Test
    void frozenNodeEndsWithAKilledSupervisor() throws Exception {
        freeze(node(1));

        dev.kill9();

        await().atMost(GONE).untilAsserted(() -> assertThat(alive()).isEmpty());
    }

    private static void freeze(ProcessHandle process) throws Exception {
        int status = new ProcessBuilder("kill", "-STOP", String.valueOf(process.pid()))
                .start()
                .waitFor();
        assertThat(status).isZero();
    }

    @Test
    void reportsAKilledNodeAndKeepsTheOthersRunning() {
        try (FaultLoad first = load(0);
                FaultLoad last = load(2)) {
            first.awaitAcked(200, Duration.ofSeconds(60));
            ProcessHandle killed = node(1);

            assertThat(killed.destroyForcibly()).isTrue();

            dev.awaitLine("node " + (port + 1) + " \\(process " + killed.pid()
                    + "\\) was killed by signal 9; 2 of 3 nodes are still running");
            first.awaitAcked(200, Duration.ofSeconds(60));
            last.awaitAcked(200, Duration.ofSeconds(60));
            assertThat(Stream.of(0, 2).map(this::node)).allMatch(ProcessHandle::isAlive);
            assertThat(rest(1).ready()).startsWith("0");
        }
        assertThat(dev.terminate(GONE)).as("ended in time").isTrue();
        assertThat(alive()).isEmpty();
    }

    @Test
    void killsAFrozenNodeOnShutdown() throws Exception {
        freeze(node(2));

        assertThat(dev.terminate(Duration.ofSeconds(25))).as("ended in time").isTrue();

        assertThat(alive()).isEmpty();
        assertThat(dev.output()).contains("node " + (port + 2) + " did not stop in time and was killed");
    }
}

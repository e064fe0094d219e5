package dev.ganglion.benchmarks.suite;

import dev.ganglion.benchmarks.host.ChildProcess;
import dev.ganglion.benchmarks.load.Rest;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A brain in a process of its own, started for this run with the command that deployments use. */
final class LocalBrain implements AutoCloseable {
    static final String ADMIN_KEY = "z4k_benchmark_admin_key_0123456789";

    private static final String MASTER_SECRET = "benchmark-master-secret-of-enough-bytes";
    private static final String SERVES = "Ganglion serves on ";

    private final ChildProcess process;
    private final URI url;

    private LocalBrain(ChildProcess process, URI url) {
        this.process = process;
        this.url = url;
    }

    /** Starts a brain on this Redis, with more settings as {@code key=value}, and waits until it serves. */
    static LocalBrain start(Path jar, Path log, String redisUri, List<String> settings) {
        List<String> command = new ArrayList<>(
                List.of(ChildProcess.javaBinary(), "-Xms1g", "-Xmx3g", "-jar", jar.toString(), "serve"));
        List<String> all = new ArrayList<>(List.of(
                "http.port=0",
                "http.host=127.0.0.1",
                "agent.handshake-rate=0",
                "events.retention-bytes=64GiB",
                "agent.connection-cap=64"));
        all.addAll(settings);
        all.forEach(setting -> command.addAll(List.of("--set", setting)));
        Map<String, String> secrets = Map.of(
                "GANGLION_MASTER_SECRET", MASTER_SECRET,
                "GANGLION_ADMIN_KEY", ADMIN_KEY,
                "GANGLION_REDIS_URI", redisUri);
        ChildProcess process = ChildProcess.start(command, secrets, line -> line.startsWith(SERVES), log);
        String line = process.awaitReady();
        return new LocalBrain(
                process, URI.create(line.substring(SERVES.length()).trim()));
    }

    URI url() {
        return url;
    }

    long pid() {
        return process.pid();
    }

    Rest rest() {
        return new Rest(url, ADMIN_KEY);
    }

    @Override
    public void close() {
        process.close();
    }
}

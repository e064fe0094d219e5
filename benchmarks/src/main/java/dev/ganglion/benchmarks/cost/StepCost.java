package dev.ganglion.benchmarks.cost;

import com.sun.management.ThreadMXBean;
import dev.ganglion.benchmarks.workload.TaskEvents;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;

/**
 * Times the Java part of projecting: scanning stored batches, applying their events to tasks, and encoding the tasks. It
 * compares the classes of this version with those of an earlier version, which have a class loader of their own. Both
 * get the same batches in turns, in one thread.
 */
public final class StepCost {
    private static final int PROCESSES = 16;
    private static final int FRAMES = 32;
    private static final int EVENTS_PER_FRAME = 100;
    /** Number of batches that a projector reads at once. */
    private static final int BATCHES_PER_STEP = 50;

    private static final int TASKS = 800;
    private static final int WARM_UP_ROUNDS = 3;
    private static final String PREVIOUS_CLASS = "dev.ganglion.event.PreviousStep";

    private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final List<List<byte[]>> steps = new ArrayList<>();
    private final long bytes;

    private StepCost() {
        Instant now = Instant.now();
        TaskEvents events = new TaskEvents(TASKS, 1);
        List<byte[]> batches = new ArrayList<>();
        for (int frame = 0; frame < FRAMES; frame++) {
            for (int process = 0; process < PROCESSES; process++) {
                batches.add(batch(events, frame, process, now));
            }
        }
        bytes = batches.stream().mapToLong(batch -> batch.length).sum();
        for (int from = 0; from < batches.size(); from += BATCHES_PER_STEP) {
            steps.add(batches.subList(from, Math.min(batches.size(), from + BATCHES_PER_STEP)));
        }
    }

    private static byte[] batch(TaskEvents events, int frame, int process, Instant begin) {
        StringBuilder list = new StringBuilder("[");
        for (int i = 0; i < EVENTS_PER_FRAME; i++) {
            long event = (long) frame * EVENTS_PER_FRAME + i;
            list.append(i == 0 ? "" : ",").append(events.event(event, process, begin.plusMillis(event)));
        }
        return Json.parse(list.append("]").toString()).utf8();
    }

    /** A version, and its CPU time in microseconds and allocated bytes per event in each round. */
    private static final class Version {
        private final String name;
        private final Callable<ToIntFunction<List<byte[]>>> start;
        private final double[] micros;
        private final double[] allocated;

        Version(String name, int rounds, Callable<ToIntFunction<List<byte[]>>> start) {
            this.name = name;
            this.start = start;
            this.micros = new double[rounds];
            this.allocated = new double[rounds];
        }

        JsonObject result() {
            Arrays.sort(micros);
            return new JsonObject()
                    .put("us_per_event", micros[micros.length / 10])
                    .put("median_us_per_event", micros[micros.length / 2])
                    .put(
                            "allocated_bytes_per_event",
                            Arrays.stream(allocated).min().orElseThrow());
        }
    }

    /**
     * Measures both versions. Returns CPU time and allocated bytes per event.
     *
     * @param previous directory with {@code ganglion.jar} and the class {@code PreviousStep} of the earlier version; that
     *     version is left out if the directory does not exist
     */
    public static JsonObject measure(int rounds, Path previous) {
        try (URLClassLoader loader = loader(previous)) {
            List<Version> versions = new ArrayList<>();
            versions.add(new Version("current", rounds, CurrentStep::new));
            if (Files.exists(previous.resolve("ganglion.jar"))) {
                versions.add(new Version("previous", rounds, () -> previousStep(loader)));
            }
            return new StepCost().measure(rounds, versions);
        } catch (Exception e) {
            throw new IllegalStateException("Cannot time a step of a projection", e);
        }
    }

    /** A loader that sees only the earlier version and the JDK. */
    private static URLClassLoader loader(Path previous) throws MalformedURLException {
        URL[] urls = {
            previous.resolve("ganglion.jar").toUri().toURL(),
            previous.resolve("step").toUri().toURL()
        };
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    @SuppressWarnings("unchecked") // The class implements this interface for exactly these types.
    private static ToIntFunction<List<byte[]>> previousStep(ClassLoader loader) throws ReflectiveOperationException {
        return (ToIntFunction<List<byte[]>>)
                loader.loadClass(PREVIOUS_CLASS).getDeclaredConstructor().newInstance();
    }

    private JsonObject measure(int rounds, List<Version> versions) throws Exception {
        for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
            for (Version version : versions) {
                measure(version, round);
            }
        }
        int events = PROCESSES * FRAMES * EVENTS_PER_FRAME;
        JsonObject result = new JsonObject()
                .put("events", events)
                .put("bytes_per_event", (double) bytes / events)
                .put("events_per_task", TaskEvents.PER_TASK);
        versions.forEach(version -> result.put(version.name, version.result()));
        return result;
    }

    /** Runs all steps once, without any tasks at the beginning. A negative round is a warm-up. */
    private void measure(Version version, int round) throws Exception {
        ToIntFunction<List<byte[]>> step = version.start.call();
        long bytesBefore = thread.getCurrentThreadAllocatedBytes();
        long begin = thread.getCurrentThreadCpuTime();
        double count = 0;
        for (List<byte[]> batches : steps) {
            count += step.applyAsInt(batches);
        }
        double cpu = (thread.getCurrentThreadCpuTime() - begin) / 1e3 / count;
        double used = (thread.getCurrentThreadAllocatedBytes() - bytesBefore) / count;
        if (round >= 0) {
            version.micros[round] = cpu;
            version.allocated[round] = used;
        }
    }
}

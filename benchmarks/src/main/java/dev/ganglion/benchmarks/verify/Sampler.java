package dev.ganglion.benchmarks.verify;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;

/**
 * Times variants in turns. Each round gives every variant one batch of about 8 ms, so disturbances of the machine
 * affect all variants alike. The times are CPU times of the calling thread. Low percentiles show what a quiet machine
 * would show.
 */
public final class Sampler {
    private static final long BATCH_NANOS = 8_000_000;

    /** Work on one frame. */
    public interface Work {
        int run(SampleFrame frame) throws Exception;
    }

    /** A named piece of work, which gets the frames in turns. */
    @SuppressWarnings("ArrayRecordComponent") // Picking a frame must cost next to nothing.
    public record Variant(String name, Work work, SampleFrame[] frames) {}

    /**
     * CPU time of one run in microseconds (10th percentile and median of the rounds), and the fewest bytes allocated.
     */
    public record Result(String name, double best, double median, double bytes) {}

    private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final double warmUpSeconds;
    private int sink;

    /** Creates a sampler that runs every variant for this many seconds before it times anything. */
    public Sampler(double warmUpSeconds) {
        this.warmUpSeconds = warmUpSeconds;
    }

    /** Times all variants over this many rounds. */
    public List<Result> sample(List<Variant> variants, int rounds) throws Exception {
        int[] batch = new int[variants.size()];
        for (int i = 0; i < batch.length; i++) {
            batch[i] = warmUp(variants.get(i));
        }
        double[][] micros = new double[batch.length][rounds];
        double[] bytes = new double[batch.length];
        Arrays.fill(bytes, Double.MAX_VALUE);
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < batch.length; i++) {
                long allocated = thread.getCurrentThreadAllocatedBytes();
                long start = thread.getCurrentThreadCpuTime();
                run(variants.get(i), batch[i]);
                micros[i][round] = (thread.getCurrentThreadCpuTime() - start) / 1e3 / batch[i];
                long used = thread.getCurrentThreadAllocatedBytes() - allocated;
                bytes[i] = Math.min(bytes[i], (double) used / batch[i]);
            }
        }
        Result[] results = new Result[batch.length];
        for (int i = 0; i < batch.length; i++) {
            Arrays.sort(micros[i]);
            results[i] = new Result(variants.get(i).name(), micros[i][rounds / 10], micros[i][rounds / 2], bytes[i]);
        }
        return List.of(results);
    }

    /** Warms up the JIT compiler and returns the number of runs in a batch. */
    private int warmUp(Variant variant) throws Exception {
        long end = System.nanoTime() + (long) (warmUpSeconds * 1e9);
        int runs = 1;
        double perRun = 1;
        while (System.nanoTime() < end) {
            long start = thread.getCurrentThreadCpuTime();
            run(variant, runs);
            perRun = Math.max(1, (double) (thread.getCurrentThreadCpuTime() - start) / runs);
            runs = (int) Math.max(1, Math.min(1_000_000, BATCH_NANOS / perRun));
        }
        return runs;
    }

    private void run(Variant variant, int runs) throws Exception {
        SampleFrame[] frames = variant.frames();
        for (int i = 0; i < runs; i++) {
            sink += variant.work().run(frames[i % frames.length]);
        }
    }

    /** The sum of all return values, which keeps the compiler from removing the work. */
    public int sink() {
        return sink;
    }
}

package dev.ganglion.benchmarks.verify;

import dev.ganglion.benchmarks.verify.SampleFrame.Content;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The same variants under JMH, for profilers and flags. It measures wall-clock time, one variant after the other: on a
 * machine that is not quiet compare with {@link VerifyRatios}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class VerifyBenchmark {
    /** Events per frame. */
    @Param({"1", "100", "500"})
    public int events;

    /** What the events hold. */
    @Param({"PLAIN"})
    public Content content = Content.PLAIN;

    private final Variants variants = new Variants();
    private SampleFrame[] frames = {};
    private int turn;

    /** Makes a few frames, so that no single one is learnt by heart. */
    @Setup
    public void setUp() {
        frames = new SampleFrame[4];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = SampleFrame.of(events, content, i + 1);
        }
    }

    private SampleFrame next() {
        return frames[turn++ & 3];
    }

    /** The signature alone, over canonical bytes. */
    @Benchmark
    public int hmac() throws Exception {
        return variants.hmac(next());
    }

    /** From the wire to "the signature holds". */
    @Benchmark
    public int verify() {
        return variants.verify(next());
    }

    /** The same, all checks, and the frame as a record. */
    @Benchmark
    public int verifyAndTake() {
        return variants.verifyAndTake(next());
    }

    /** Vert.x JSON, sorted and encoded. */
    @Benchmark
    public int jsonObject() {
        return variants.jsonObject(next());
    }
}

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
 * Runs the variants under JMH, for its profilers and options. JMH measures wall-clock time, one variant after the
 * other. On a machine that is not quiet, compare the variants with {@link VerifyRatios}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class VerifyBenchmark {
    /** Number of events per frame. */
    @Param({"1", "100", "500"})
    public int events;

    /** Content of the events. */
    @Param({"PLAIN"})
    public Content content = Content.PLAIN;

    private final Variants variants = new Variants();
    private SampleFrame[] frames = {};
    private int turn;

    /** Creates four frames, so that the processor's branch predictor cannot memorise a single one. */
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

    /** Computes the HMAC over canonical bytes. */
    @Benchmark
    public int hmac() throws Exception {
        return variants.hmac(next());
    }

    /** Verifies the signature, from the bytes of the wire to the result. */
    @Benchmark
    public int verify() {
        return variants.verify(next());
    }

    /** Verifies the signature, makes all checks and builds the frame's record. */
    @Benchmark
    public int verifyAndTake() {
        return variants.verifyAndTake(next());
    }

    /** Verifies the signature with a sorted and encoded tree of Vert.x JSON. */
    @Benchmark
    public int jsonObject() {
        return variants.jsonObject(next());
    }
}

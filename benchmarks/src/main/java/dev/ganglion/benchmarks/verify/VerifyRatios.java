package dev.ganglion.benchmarks.verify;

import dev.ganglion.benchmarks.verify.SampleFrame.Content;
import dev.ganglion.benchmarks.verify.Sampler.Result;
import dev.ganglion.benchmarks.verify.Sampler.Variant;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints the cost of verifying a frame, compared with the HMAC alone and with the obvious way through a JSON tree.
 *
 * <p>With {@code --check}, the process fails in three cases: verifying costs more than {@value #MAX_TO_HMAC} times the
 * HMAC at 100 or 500 events, it is not {@value #MIN_TO_TREE} times as fast as the tree, or it allocates more than
 * {@value #MAX_BYTES} bytes at 100 events. The best of up to {@value #TRIES} tries counts. {@code --rounds N} changes
 * the number of rounds.
 */
public final class VerifyRatios {
    private static final double MAX_TO_HMAC = 3.5;
    private static final double MIN_TO_TREE = 3;
    private static final double MAX_BYTES = 1024;
    private static final int TRIES = 3;
    private static final int FRAMES_IN_TURN = 4;
    private static final int COMPILE_SECONDS = 8;

    private VerifyRatios() {}

    /** Runs the comparison. */
    public static void main(String[] args) throws Exception {
        List<String> options = List.of(args);
        int given = options.indexOf("--rounds");
        int rounds = given < 0 ? 40 : Integer.parseInt(options.get(given + 1));
        boolean check = options.contains("--check");
        System.out.println("Java " + System.getProperty("java.runtime.version") + ", CPU time of one thread, " + rounds
                + " interleaved rounds, 10th percentile / median");
        compile();
        boolean good = false;
        for (int attempt = 1; attempt <= (check ? TRIES : 1) && !good; attempt++) {
            boolean single = measure(1, rounds);
            boolean hundred = measure(100, rounds);
            boolean fiveHundred = measure(500, rounds);
            good = single && hundred && fiveHundred;
        }
        if (check) {
            System.out.println(
                    good ? "\nAll ratios are within their bounds." : "\nA ratio exceeds its bound in each try.");
            System.exit(good ? 0 : 1);
        }
    }

    /** Runs everything for a while, because the JIT compiler starts late on a busy machine. */
    private static void compile() throws Exception {
        Variants variants = new Variants();
        long end = System.nanoTime() + COMPILE_SECONDS * 1_000_000_000L;
        while (System.nanoTime() < end) {
            for (int events = 1; events <= 100; events += 33) {
                for (Content content : Content.values()) {
                    for (SampleFrame frame : frames(events, content)) {
                        for (int i = 0; i < 20; i++) {
                            int unused = variants.hmac(frame) + variants.verify(frame) + variants.verifyAndTake(frame);
                            // The tree verifies only plain content: it encodes everything else differently.
                            unused += content == Content.PLAIN ? variants.jsonObject(frame) : variants.read(frame);
                        }
                    }
                }
            }
        }
    }

    private static boolean measure(int events, int rounds) throws Exception {
        Variants variants = new Variants();
        SampleFrame[] plain = frames(events, Content.PLAIN);
        List<Variant> all = new ArrayList<>();
        all.add(new Variant("HMAC-SHA256 alone", variants::hmac, plain));
        all.add(new Variant("verify", variants::verify, plain));
        all.add(new Variant("tokenise only", variants::read, plain));
        all.add(new Variant("verify, check, take events", variants::verifyAndTake, plain));
        all.add(new Variant("verify, escapes and emoji", variants::verify, frames(events, Content.ESCAPES)));
        all.add(new Variant("verify, 17-digit floats", variants::verify, frames(events, Content.LONG_FLOATS)));
        all.add(new Variant("sign an ack", variants::signAck, plain));
        all.add(new Variant("JsonObject, sort, encode, HMAC", variants::jsonObject, plain));
        Sampler sampler = new Sampler(1);
        List<Result> results = sampler.sample(all, rounds);
        double hmac = results.get(0).best();
        System.out.printf(
                "%n### %d event(s): %d bytes on the wire, %d bytes signed%n%n",
                events, plain[0].wire().length, plain[0].canonical().length);
        System.out.println("| variant | µs | ratio to HMAC | MB/s | bytes allocated |\n|---|---|---|---|---|");
        for (Result result : results) {
            System.out.printf(
                    "| %s | %.2f / %.2f | %.2f | %.0f | %.0f |%n",
                    result.name(),
                    result.best(),
                    result.median(),
                    result.best() / hmac,
                    plain[0].wire().length / result.best(),
                    result.bytes());
        }
        Result verify = results.get(1);
        double toHmac = verify.best() / hmac;
        double toTree = results.get(results.size() - 1).best() / verify.best();
        System.out.printf(
                "%nverify / HMAC %.2f · tree / verify %.2f · %.0f bytes (%d)%n",
                toHmac, toTree, verify.bytes(), sampler.sink() & 1);
        boolean small = events == 1;
        return (small || toHmac <= MAX_TO_HMAC)
                && toTree >= MIN_TO_TREE
                && (events != 100 || verify.bytes() <= MAX_BYTES);
    }

    private static SampleFrame[] frames(int events, Content content) {
        SampleFrame[] frames = new SampleFrame[FRAMES_IN_TURN];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = SampleFrame.of(events, content, i + 1);
        }
        return frames;
    }
}

package dev.ganglion.benchmarks.suite;

import dev.ganglion.benchmarks.cost.FrameParts;
import io.vertx.core.json.JsonArray;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * The command {@code bench parts}: prints the cost of verifying frames, to compare it in turns with another verifier.
 */
@Command(
        name = "parts",
        mixinStandardHelpOptions = true,
        description = "Print the cost of verifying frames of 1, 100 and 500 events, and of its parts, as JSON.")
final class PartsCommand implements Callable<Integer> {
    private static final int ROUNDS = 40;

    @Override
    public Integer call() {
        System.out.println(new JsonArray(FrameParts.measureAll(ROUNDS)).encode());
        return 0;
    }
}

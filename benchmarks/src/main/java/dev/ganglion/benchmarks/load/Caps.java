package dev.ganglion.benchmarks.load;

import dev.ganglion.benchmarks.generator.Fleet;
import io.vertx.core.json.JsonObject;

/**
 * Connects more workers of one agent at once than its connection cap allows, and checks that the brain admits exactly
 * the cap.
 *
 * @param cap the agent's connection cap
 * @param attempts number of workers that connect in each round
 * @param rounds number of rounds
 */
public record Caps(int cap, int attempts, int rounds) {
    private static final long LIMIT_MS = 30_000;
    private static final int AT_ONCE = 64;
    private static final String REFUSED = "close_4429";

    /** Runs the scenario. */
    public JsonObject run(ServerUnderTest underTest) {
        long claims = 0;
        double seconds = 0;
        ResourceUsage before = ResourceUsage.of(underTest);
        for (int round = 0; round < rounds; round++) {
            try (BenchProject benchProject = BenchProject.of(underTest.rest(), 1, cap);
                    Fleet fleet = underTest.fleet()) {
                long begin = System.nanoTime();
                fleet.begin(benchProject.agents(), attempts, AT_ONCE);
                awaitDecisions(fleet, begin);
                seconds += (System.nanoTime() - begin) / 1e9;
                claims += attempts;
                int admitted = (int) fleet.online();
                if (admitted != cap || fleet.meter().endings().getOrDefault(REFUSED, 0) != attempts - cap) {
                    throw new IllegalStateException("The cap is " + cap + ", but the brain admitted " + admitted
                            + "; ended: " + fleet.meter().endings());
                }
            }
        }
        return new JsonObject()
                .put("scenario", "caps")
                .put("cap", cap)
                .put("attempts", attempts)
                .put("claims_per_s", claims / seconds)
                .put("cost", ResourceUsage.of(underTest).cost(before, claims, "claim"))
                .put("check", new JsonObject().put("admitted", cap).put("ok", true));
    }

    private void awaitDecisions(Fleet fleet, long begin) {
        while (fleet.online()
                        + fleet.meter().endings().values().stream()
                                .mapToInt(n -> n)
                                .sum()
                < attempts) {
            if (System.nanoTime() - begin > LIMIT_MS * 1_000_000) {
                throw new IllegalStateException("The brain has not decided on all workers: " + fleet.online()
                        + " online, ended: " + fleet.meter().endings());
            }
            Fleet.pause(1);
        }
    }
}

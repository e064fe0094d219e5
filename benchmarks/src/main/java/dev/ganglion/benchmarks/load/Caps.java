package dev.ganglion.benchmarks.load;

import io.vertx.core.json.JsonObject;

/**
 * More workers than an agent may have connect at once, on every node: exactly the cap is let in.
 *
 * @param cap of the agent
 * @param attempts workers that try
 * @param rounds how often
 */
public record Caps(int cap, int attempts, int rounds) {
    private static final long LIMIT_MS = 30_000;
    private static final int AT_ONCE = 64;
    private static final String REFUSED = "close_4429";

    /** Runs it. */
    public JsonObject run(Bed bed) {
        long claims = 0;
        double seconds = 0;
        Gauges before = Gauges.of(bed);
        for (int round = 0; round < rounds; round++) {
            try (Estate estate = Estate.of(bed.rest(), 1, cap);
                    Fleet fleet = bed.fleet()) {
                long begin = System.nanoTime();
                fleet.begin(estate.agents(), attempts, AT_ONCE);
                awaitDecisions(fleet, begin);
                seconds += (System.nanoTime() - begin) / 1e9;
                claims += attempts;
                int admitted = (int) fleet.online();
                if (admitted != cap || fleet.meter().endings.getOrDefault(REFUSED, 0) != attempts - cap) {
                    throw new IllegalStateException("the cap is " + cap + ", but " + admitted + " were let in; ended: "
                            + fleet.meter().endings);
                }
            }
        }
        return new JsonObject()
                .put("scenario", "caps")
                .put("cap", cap)
                .put("attempts", attempts)
                .put("claims_per_s", claims / seconds)
                .put("cost", Gauges.of(bed).cost(before, claims, "claim"))
                .put("check", new JsonObject().put("admitted", cap).put("ok", true));
    }

    private void awaitDecisions(Fleet fleet, long begin) {
        while (fleet.online()
                        + fleet.meter().endings.values().stream()
                                .mapToInt(n -> n)
                                .sum()
                < attempts) {
            if (System.nanoTime() - begin > LIMIT_MS * 1_000_000) {
                throw new IllegalStateException(
                        "not all were answered: " + fleet.online() + " online, " + fleet.meter().endings);
            }
            Fleet.pause(1);
        }
    }
}

package dev.ganglion.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.telemetry.StoreFault.Reason;
import dev.ganglion.testing.log.WarnLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests what many sources together say of the store, and what the log tells of an outage. */
class StoreConditionTest {
    private static final StoreFault REFUSED = new StoreFault(Reason.REFUSED, "10.0.0.1:6379", "connection refused");
    private static final StoreFault FULL = new StoreFault(Reason.FULL, "10.0.0.1:6379", "OOM");

    @RegisterExtension
    final WarnLog log = new WarnLog();

    private long now;
    private final StoreCondition condition = new StoreCondition(() -> TimeUnit.MILLISECONDS.toNanos(now));

    private void pass(long millis) {
        now += millis;
        condition.settle();
    }

    @Test
    void logsOneLineForEachReasonOfAnOutageOfManyLines() {
        for (int lane = 0; lane < 8; lane++) {
            condition.unavailable("lane-" + lane, REFUSED);
        }
        condition.unavailable("lane-3", FULL);
        condition.unavailable("lane-4", FULL);

        assertThat(log.texts()).hasSize(2);
    }

    @Test
    void logsNothingMoreWhileSourcesFailAndRecoverInTurns() {
        for (int second = 0; second < 60; second++) {
            condition.unavailable("lane-1", REFUSED);
            condition.available("lane-1");
            pass(1_000);
        }

        assertThat(log.texts()).hasSize(1);
    }

    @Test
    void endsTheOutageAfterAQuietTimeSoThatTheNextOneIsLogged() {
        condition.unavailable("lane-1", REFUSED);
        condition.available("lane-1");
        pass(StoreCondition.QUIET_MS);
        assertThat(condition.lastFault()).isEmpty();

        condition.unavailable("lane-1", REFUSED);

        assertThat(log.texts()).hasSize(2);
    }

    @Test
    void showsTheMostTellingFaultOfAllSources() {
        condition.unavailable("lane-1", REFUSED);
        condition.unavailable("data", FULL);
        assertThat(condition.fault()).contains(FULL);

        condition.available("data");

        assertThat(condition.fault()).contains(REFUSED);
    }

    @Test
    void forgetsAFailedCallThatIsNotRepeated() {
        condition.failed("data calls", FULL);
        assertThat(condition.fault()).contains(FULL);

        pass(StoreCondition.LAPSE_MS);

        assertThat(condition.fault()).isEmpty();
        assertThat(condition.lastFault()).contains(FULL);
    }

    @Test
    void exportsTheReasonAsAGauge() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        condition.bindTo(registry);
        condition.unavailable("data", FULL);

        assertThat(registry.get("ganglion.store.unavailable")
                        .tag("reason", "full")
                        .gauge()
                        .value())
                .isEqualTo(1);
        assertThat(registry.get("ganglion.store.unavailable")
                        .tag("reason", "refused")
                        .gauge()
                        .value())
                .isZero();
    }

    @Test
    void keepsADetailOnOneLineOfLimitedLength() {
        assertThat(StoreFault.of(Reason.ERROR, "a\r\nb" + "x".repeat(10_000)).detail())
                .startsWith("a  b")
                .hasSizeLessThan(400);
    }
}

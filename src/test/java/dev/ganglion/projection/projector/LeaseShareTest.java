package dev.ganglion.projection.projector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.ProjectorLoad;
import dev.ganglion.projection.projector.LeaseShare.Held;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests which leases a node takes and hands over. */
class LeaseShareTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private long now = -5;
    private final LeaseShare share = new LeaseShare("self", () -> now);

    private static ProjectorLoad idle(String node, int leases) {
        return new ProjectorLoad(node, leases, 0, 0, true, Set.of());
    }

    /** Projects of which each took one second more than the one before. */
    private static List<Held> held(int count, long behindMs) {
        List<Held> held = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            held.add(new Held("p" + i, behindMs, i * SECOND));
        }
        return held;
    }

    private ProjectorLoad report(List<Held> held) {
        now += LeaseShare.REPORT_INTERVAL.toNanos();
        return share.report(held, LeaseShare.REPORT_INTERVAL.toNanos());
    }

    private void overload(List<Held> held) {
        for (int i = 0; i < LeaseShare.OVERLOADED_REPORTS; i++) {
            share.heard(idle("other", 0));
            assertThat(report(held).accepting()).isEqualTo(i < LeaseShare.OVERLOADED_REPORTS - 1);
        }
    }

    @Test
    void aNodeAloneTakesEveryLeaseAtOnce() {
        assertThat(share.freeFor(0, 3)).isZero();
        assertThat(share.freeFor(2, 3)).isZero();
        assertThat(share.toHandOver(held(3, 0), 3)).isEmpty();
    }

    @Test
    void aNodeWithItsShareLetsOthersTakeFirst() {
        share.heard(idle("other", 0));
        assertThat(share.freeFor(1, 4)).isZero();
        assertThat(share.freeFor(2, 4)).isEqualTo(LeaseShare.TAKE_DELAY);
        assertThat(share.freeFor(2, 5)).as("rounded up").isZero();
    }

    @Test
    void aNodeAboveItsShareHandsOverTheProjectsWithTheLeastWork() {
        share.heard(idle("other", 0));
        assertThat(share.toHandOver(held(4, 0), 4)).containsExactly("p0", "p1");
        assertThat(share.toHandOver(held(20, 0), 20)).hasSize(LeaseShare.MOST_MOVES);
        assertThat(share.toHandOver(held(3, 0), 5)).as("its share").isEmpty();
    }

    @Test
    void noLeaseMovesThatWouldMoveBack() {
        share.heard(idle("other", 2));
        assertThat(share.toHandOver(held(3, 0), 5)).isEmpty();
        share.heard(new ProjectorLoad("busy", 0, 60_000, 100, false, Set.of()));
        assertThat(share.toHandOver(held(3, 0), 5)).as("a busy node takes none").isEmpty();
    }

    @Test
    void aSilentNodeNoLongerCounts() {
        share.heard(idle("other", 0));
        assertThat(share.freeFor(1, 2)).isEqualTo(LeaseShare.TAKE_DELAY);
        now += LeaseShare.REPORT_INTERVAL.multipliedBy(3).toNanos() + 1;
        assertThat(share.freeFor(1, 2)).isZero();
    }

    @Test
    void aDrainingNodeHandsOverEverythingIfThereIsAnother() {
        share.draining(true);
        assertThat(share.toHandOver(held(2, 0), 2)).isEmpty();
        assertThat(share.takesAny()).isTrue();

        share.heard(idle("other", 0));
        assertThat(share.toHandOver(held(2, 0), 2)).containsExactlyInAnyOrder("p0", "p1");
        assertThat(share.takesAny()).isFalse();
        assertThat(report(held(0, 0)).accepting()).isFalse();
    }

    @Test
    void anOverloadedNodeHandsOverItsSecondBusiestProjectToAnIdleOne() {
        List<Held> behind = held(3, LeaseShare.OVERLOADED.toMillis() + 1);
        overload(behind);

        assertThat(share.toHandOver(behind, 3)).containsExactly("p1");
        assertThat(share.toHandOver(behind, 3)).as("one at a time").isEmpty();
        share.heard(idle("other", 0));
        now += LeaseShare.RELIEF_INTERVAL.toNanos();
        share.heard(idle("other", 1));
        assertThat(share.toHandOver(behind, 3)).hasSize(1);
        assertThat(share.freeFor(0, 3)).isEqualTo(LeaseShare.TAKE_DELAY);
    }

    @Test
    void anOverloadedNodeKeepsItsOnlyProject() {
        List<Held> behind = held(1, LeaseShare.OVERLOADED.toMillis() + 1);
        overload(behind);
        assertThat(share.toHandOver(behind, 1)).isEmpty();
    }

    @Test
    void anOverloadedNodeKeepsItsProjectsWhileAllNodesAreBusy() {
        List<Held> behind = held(3, LeaseShare.OVERLOADED.toMillis() + 1);
        overload(behind);
        share.heard(new ProjectorLoad("other", 3, 3_000, 90, true, Set.of()));
        assertThat(share.toHandOver(behind, 6)).isEmpty();
    }

    @Test
    void reportsWhatItProjects() {
        ProjectorLoad load = report(held(3, 700));
        assertThat(load.leases()).isEqualTo(3);
        assertThat(load.behindMs()).isEqualTo(700);
        assertThat(load.busyPercent()).as("3 of 5 seconds").isEqualTo(60);
        assertThat(share.load(held(2, 0), Set.of("p2")).freed()).containsExactly("p2");
    }
}

package dev.ganglion.projection.lost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.lost.PresentProcess.Identity;
import dev.ganglion.projection.run.TextHash;
import dev.ganglion.projection.task.SubjectKey;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests lost tasks of Celery, whose processes report the events of all workers of their broker. */
class LostCeleryTasksTest {
    private static final SubjectKey A = new SubjectKey("celery", "a@host");

    private final World world = new World();
    private PresentProcess a;
    private PresentProcess b;
    private PresentProcess web;
    private SubjectKey task;

    @BeforeEach
    void startATask() {
        a = world.process("a", 100);
        b = world.process("b", 200);
        web = new PresentProcess(
                TextHash.of("web"), false, new Identity("host", 300, world.now), "web", world.now, Set.of(), Set.of());
        world.connect(a, b, web);
        hear(null);
        task = world.start("celery", "t", A.name(), "a", "b", "web");
        pass(30, null);
    }

    private void hear(@Nullable Integer pid) {
        world.workers.put(A, new WorkerSigns(World.AGENT, 1, world.now, 0, world.now, 0, pid));
    }

    /** Lets time pass while the worker is heard of. */
    private void pass(int seconds, @Nullable Integer pid) {
        for (int i = 0; i < seconds; i += 3) {
            hear(pid);
            world.pass(3);
        }
    }

    @Test
    void isNotLostWhenAnotherReporterIsGone() {
        world.connect(a, web);
        pass(600, null);
        assertThat(world.reason(task)).isEmpty();
        world.connect(a);
        pass(600, 100);
        assertThat(world.reason(task)).isEmpty();
    }

    @Test
    void isLostWhenItsProcessIsAbsentAndTheWorkerIsSilent() {
        world.connect(b, web);
        world.pass(84);
        assertThat(world.reason(task)).isEmpty();
        world.pass(15);
        assertThat(world.reason(task)).isEqualTo("worker_absent");
    }

    @Test
    void isNotLostWhenAWebProcessIsAbsentAndTheWorkerIsBusy() {
        world.connect(a, b);
        world.pass(600);
        assertThat(world.reason(task)).isEmpty();
    }

    @Test
    void isLostWhenTheKnownMainProcessIsAbsentAlthoughTheNameIsHeard() {
        pass(30, 100);
        world.connect(b, web);
        pass(99, null);
        assertThat(world.reason(task)).isEqualTo("worker_absent");
    }

    @Test
    void isLostAtOnceWhenTheWorkerHasAnotherMainProcess() {
        pass(30, 100);
        pass(9, 101);
        assertThat(world.reason(task)).isEqualTo("worker_replaced");
        SubjectKey next = world.start("celery", "next", A.name(), "a", "b");
        pass(300, 101);
        assertThat(world.reason(next)).isEmpty();
    }

    @Test
    void isLostAtOnceWhenTheWorkerSaidThatItGoesOffline() {
        world.workers.put(A, new WorkerSigns("another agent", 1, 1, world.now, world.now, world.now, null));
        world.pass(6);
        assertThat(world.reason(task)).isEqualTo("worker_offline");
    }

    @Test
    void isNotLostWhenTheWorkerLostItsBrokerForAMoment() {
        world.workers.put(A, new WorkerSigns(World.AGENT, 1, 1, world.now, world.now, world.now, null));
        world.now += 1_000;
        world.sweep();
        world.workers.put(
                A,
                new WorkerSigns(
                        World.AGENT, world.now, world.now, world.now - 1_000, world.now, world.now - 1_000, null));
        world.pass(600);
        assertThat(world.reason(task)).isEmpty();
    }
}

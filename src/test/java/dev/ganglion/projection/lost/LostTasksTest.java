package dev.ganglion.projection.lost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.lost.PresentProcess.Identity;
import dev.ganglion.projection.run.TextHash;
import dev.ganglion.projection.task.SubjectKey;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests which started tasks count as lost, and when. */
class LostTasksTest {
    private final World world = new World();
    private PresentProcess worker;

    @BeforeEach
    void connectAWorker() {
        worker = world.process("w1", 100);
        world.connect(worker);
        world.pass(30);
    }

    @Test
    void isNotLostWhileItsProcessIsConnected() {
        SubjectKey task = world.start("t", "w1");
        world.pass(3_600);
        assertThat(world.reason(task)).isEmpty();
    }

    @Test
    void isLostAtOnceWhenAnotherProcessHasTheSameWorkerId() {
        SubjectKey task = world.start("t", "w1");
        world.pass(30);
        long replaced = world.now;
        world.connect(world.process("w1", 101));
        world.pass(6);
        assertThat(world.mark(task)).isEqualTo(new LostMark(replaced, LostMark.Reason.WORKER_REPLACED));
    }

    @Test
    void isLostAtOnceWhenTheSamePidStartedAnew() {
        SubjectKey task = world.start("t", "w1");
        world.pass(30);
        world.connect(world.process("w1", 100));
        world.pass(6);
        assertThat(world.reason(task)).isEqualTo("worker_replaced");
    }

    @Test
    void isLostAtOnceWhenTheReplacementIsSeenByAProjectorThatSawNoOther() {
        World later = new World();
        later.now = world.now;
        SubjectKey task = later.start("t", "w1");
        later.now += 30_000;
        later.connect(later.process("w1", 101));
        later.pass(6);
        assertThat(later.reason(task)).isEqualTo("worker_replaced");
    }

    @Test
    void isLostWhenTheProcessIsReplacedWithinASecondOfTheStart() {
        World quick = new World();
        SubjectKey task = quick.start("t", "w1");
        quick.now += 600;
        quick.connect(quick.process("w1", 101));
        quick.pass(6);
        assertThat(quick.reason(task)).isEqualTo("worker_replaced");
    }

    @Test
    void isNotLostWhenTheTimeOfTheStartIsCutToSeconds() {
        World cut = new World();
        PresentProcess process = cut.process("w1", 100);
        cut.cutMs = 900;
        SubjectKey task = cut.start("t", "w1");
        cut.now += 60_000;
        cut.connect(cut.again(process));
        cut.pass(300);
        assertThat(cut.reason(task)).isEmpty();
    }

    @Test
    void isNotLostWhenTheNewProcessReportedTheStart() {
        world.connect(world.process("w1", 101));
        world.now += 10_000;
        SubjectKey task = world.start("t", "w1");
        world.pass(600);
        assertThat(world.reason(task)).isEmpty();
    }

    @Test
    void isLostAtOnceWhenALaterProcessReportsTheSameEngineWorker() {
        SubjectKey task = world.start("rq", "t", "rq-1", "w1");
        world.pass(10);
        world.connect(world.process("w2", 101, "rq-1"));
        world.pass(6);
        assertThat(world.reason(task)).isEqualTo("worker_replaced");
    }

    @Test
    void isNotLostWhileTheProcessIsConnectedBesideAnotherOfTheSameName() {
        SubjectKey task = world.start("rq", "t", "rq-1", "w1");
        world.pass(10);
        world.connect(worker, world.process("w2", 101, "rq-1"));
        world.pass(600);
        assertThat(world.reason(task)).isEmpty();
    }

    @Test
    void isLostAtOnceWhenItsWorkerWentOffline() {
        SubjectKey task = world.start("rq", "t", "rq-1", "w1");
        world.pass(10);
        long gone = world.now;
        world.workers.put(new SubjectKey("rq", "rq-1"), new WorkerSigns(World.AGENT, 0, 0, gone, gone, gone, null));
        world.pass(6);
        assertThat(world.mark(task)).isEqualTo(new LostMark(gone, LostMark.Reason.WORKER_OFFLINE));
    }

    @Test
    void isLostAtOnceWhenItsProcessSaidThatItGoes() {
        SubjectKey task = world.start("huey", "t", null, "w1");
        SubjectKey other = world.start("huey", "other", null, "w2");
        world.connect(worker, world.process("w2", 102));
        world.pass(10);
        world.policy.wentOffline(World.key("w1"), new SubjectKey("", "huey-1"), world.now, world.now);
        world.pass(6);
        assertThat(world.reason(task)).isEqualTo("worker_offline");
        assertThat(world.reason(other)).isEmpty();
    }

    @Test
    void isNotLostWhenTheWorkerWentOfflineBeforeTheStart() {
        long gone = world.now;
        world.workers.put(new SubjectKey("rq", "rq-1"), new WorkerSigns(World.AGENT, 0, 0, gone, gone, gone, null));
        world.policy.wentOffline(World.key("w1"), new SubjectKey("rq", "rq-1"), gone, gone);
        world.now += 10;
        SubjectKey task = world.start("rq", "t", "rq-1", "w1");
        world.pass(600);
        assertThat(world.reason(task)).isEmpty();
    }

    @Test
    void isLostAfterNinetySecondsWithoutItsProcess() {
        SubjectKey task = world.start("t", "w1");
        world.pass(30);
        long seen = world.now;
        world.disconnect();
        world.pass(87);
        assertThat(world.reason(task)).isEmpty();
        world.pass(6);
        assertThat(world.mark(task)).isEqualTo(new LostMark(seen, LostMark.Reason.WORKER_ABSENT));
    }

    @Test
    void countsTheAbsenceFromItsOwnFirstLook() {
        World taken = new World();
        taken.disconnect();
        SubjectKey task = taken.start("t", "w1");
        taken.now += 3_600_000;
        taken.pass(87);
        assertThat(taken.reason(task)).isEmpty();
        taken.pass(9);
        assertThat(taken.reason(task)).isEqualTo("worker_absent");
    }

    @Test
    void isNoLongerLostWhenTheSameProcessIsBack() {
        SubjectKey task = world.start("t", "w1");
        world.disconnect();
        world.pass(120);
        assertThat(world.reason(task)).isEqualTo("worker_absent");
        world.connect(world.again(worker));
        world.pass(3);
        assertThat(world.reason(task)).isEmpty();
    }

    @Test
    void staysLostWhenAnotherProcessComes() {
        SubjectKey task = world.start("t", "w1");
        world.disconnect();
        world.pass(120);
        world.connect(world.process("w1", 101));
        world.pass(60);
        assertThat(world.reason(task)).isEqualTo("worker_absent");
    }

    @Test
    void judgesNothingWhileTheProjectionIsBehind() {
        SubjectKey task = world.start("t", "w1");
        world.pass(30);
        world.upToDate = false;
        world.connect(world.process("w1", 101));
        world.pass(300);
        assertThat(world.reason(task)).isEmpty();
        world.upToDate = true;
        world.pass(3);
        assertThat(world.reason(task)).isEqualTo("worker_replaced");
    }

    @Test
    void trustsNoStartTimeThatIsLaterThanTheConnection() {
        SubjectKey task = world.start("t", "w1");
        World later = new World();
        later.now = world.now;
        PresentProcess ahead = new PresentProcess(
                TextHash.of("w1"),
                false,
                new Identity("host", 100, later.now + 7_200_000),
                "task",
                later.now,
                Set.of(),
                Set.of());
        later.connect(ahead);
        SubjectKey same = later.start("t", "w1");
        later.pass(600);
        assertThat(later.reason(same)).isEmpty();
        assertThat(world.reason(task)).isEmpty();
    }

    @Test
    void judgesATaskOfAProcessWithoutWorkerIdByAllSessionsOfItsAgent() {
        SubjectKey task = world.start("t", "");
        world.pass(30);
        world.connect(world.again(worker));
        world.pass(300);
        assertThat(world.reason(task)).isEmpty();
        world.connect(world.process("w9", 900));
        world.pass(6);
        assertThat(world.reason(task)).isEqualTo("worker_replaced");
    }

    @Test
    void needsTheAbsenceOfAllProcessesThatReportedTheStart() {
        PresentProcess second = world.process("w2", 102);
        world.connect(worker, second);
        SubjectKey task = world.start("rq", "t", null, "w1", "w2");
        world.connect(second);
        world.pass(300);
        assertThat(world.reason(task)).isEmpty();
        world.disconnect();
        world.pass(99);
        assertThat(world.reason(task)).isEqualTo("worker_absent");
    }
}

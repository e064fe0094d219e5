package dev.ganglion.projection.lost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.task.SubjectKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests that trouble between workers and the brain loses no task falsely. */
class LostTasksFalselyTest {
    private final World world = new World();
    private PresentProcess worker;
    private SubjectKey task;

    @BeforeEach
    void startATask() {
        worker = world.process("w1", 100);
        world.connect(worker);
        world.now += 1_000;
        task = world.start("t", "w1");
        world.pass(120);
    }

    @Test
    void aReconnectLosesNothing() {
        for (int i = 0; i < 20; i++) {
            world.disconnect();
            world.pass(60);
            world.connect(world.again(worker));
            world.pass(9);
        }
        assertThat(world.reason(task)).isEmpty();
    }

    @Test
    void aDrainLosesNothing() {
        world.disconnect();
        world.pass(60);
        world.nodes.remove("n1");
        world.pass(87);
        assertThat(world.reason(task)).as("the nodes changed within 90 s").isEmpty();
        world.connect(world.again(worker));
        world.pass(300);
        assertThat(world.reason(task)).isEmpty();
    }

    @Test
    void aStoreOutageLosesNothing() {
        world.disconnect();
        world.pass(60);
        world.storeAnswers = false;
        world.pass(300);
        world.storeAnswers = true;
        world.pass(87);
        assertThat(world.reason(task))
                .as("agents have 90 s to come back after the outage")
                .isEmpty();
        world.connect(world.again(worker));
        world.pass(300);
        assertThat(world.reason(task)).isEmpty();
    }

    @Test
    void aPauseOfTheNodeLosesNothing() {
        world.disconnect();
        world.pass(60);
        world.now += 300_000;
        world.pass(87);
        assertThat(world.reason(task)).isEmpty();
    }

    @Test
    void aSplitLosesNothing() {
        world.healthy = false;
        world.disconnect();
        world.pass(600);
        assertThat(world.reason(task)).isEmpty();
        world.healthy = true;
        world.pass(87);
        assertThat(world.reason(task)).isEmpty();
        world.connect(world.again(worker));
        world.pass(300);
        assertThat(world.reason(task)).isEmpty();
    }

    @Test
    void aSplitJudgesNoReplacementEither() {
        world.healthy = false;
        world.connect(world.process("w1", 101));
        world.pass(60);
        assertThat(world.reason(task)).isEmpty();
    }

    @Test
    void longPollLosesNothing() {
        world.connect(world.longPoll("p1"));
        world.pass(3);
        SubjectKey polled = world.start("polled", "p1");
        world.pass(3_600);
        assertThat(world.reason(polled)).isEmpty();
        world.connect(world.longPoll("p2"), world.process("w2", 200));
        world.pass(300);
        assertThat(world.reason(polled)).as("the process began another session").isEmpty();
        world.disconnect();
        world.pass(60);
        world.connect(world.longPoll("p3"));
        world.pass(300);
        assertThat(world.reason(polled)).isEmpty();
    }

    @Test
    void aChangeToLongPollAndBackLosesNothing() {
        world.disconnect();
        world.pass(30);
        world.connect(world.longPoll("p1"));
        world.pass(300);
        assertThat(world.reason(task)).isEmpty();
        SubjectKey polled = world.start("polled", "p1");
        world.pass(30);
        world.disconnect();
        world.pass(30);
        world.connect(world.again(worker));
        world.pass(300);
        assertThat(world.reason(task)).isEmpty();
        assertThat(world.reason(polled)).isEmpty();
    }

    @Test
    void aLongPollSessionOfAnotherProcessHidesNoLoss() {
        PresentProcess other = world.longPoll("p1");
        world.connect(worker, other);
        world.pass(60);
        world.connect(other);
        world.pass(99);
        assertThat(world.reason(task)).isEqualTo("worker_absent");
    }

    @Test
    void longPollThatIsGoneIsLostAfterNinetySeconds() {
        world.connect(world.longPoll("p1"));
        world.pass(3);
        SubjectKey polled = world.start("polled", "p1");
        world.pass(60);
        world.disconnect();
        world.pass(99);
        assertThat(world.reason(polled)).isEqualTo("worker_absent");
    }

    @Test
    void anAgentThatWasNotReadLosesNothing() {
        world.agents.clear();
        world.pass(600);
        assertThat(world.reason(task)).isEmpty();
    }

    @Test
    void eventsThatArriveJustAfterTheRestartEndTheTaskFirst() {
        world.connect(world.process("w1", 101));
        world.now += 2_900;
        world.sweep();
        assertThat(world.reason(task)).isEmpty();
    }
}

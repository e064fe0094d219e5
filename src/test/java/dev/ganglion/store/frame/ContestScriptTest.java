package dev.ganglion.store.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.LaneMessage.OpenSession;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.journal.Journal;
import dev.ganglion.journal.JournalEntry;
import dev.ganglion.lane.Outcome;
import dev.ganglion.lane.Outcome.HeldBack;
import dev.ganglion.lane.Outcome.Opened;
import dev.ganglion.store.Given;
import dev.ganglion.store.StoreTests;
import dev.ganglion.store.journal.RedisJournal;
import dev.ganglion.store.redis.Slot;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests processes that share one slot. The script holds back those that displace each other, and no others. */
class ContestScriptTest extends StoreTests {
    private OpenSession by(int pid) {
        return Given.open(Given.next(session), "host", pid);
    }

    /**
     * Opens sessions in turn. Returns how many opens succeed before one is held back, or -1 if none of a hundred is.
     */
    private int openedBeforeHold(int... pids) {
        for (int i = 0; i < 100; i++) {
            Outcome outcome = store.one(by(pids[i % pids.length]));
            if (outcome instanceof HeldBack) {
                return i;
            }
            assertThat(outcome).isInstanceOf(Opened.class);
        }
        return -1;
    }

    private List<JsonObject> journal() {
        JournalEntry.Agent agent = new JournalEntry.Agent(session.projectId(), 0, session.agentId());
        Journal.Page page = store.await(new RedisJournal(store.shared, Ticker.system()).read(agent, null, 500));
        List<JsonObject> items = new ArrayList<>();
        page.items().forEach(item -> items.add(new JsonObject(item.text())));
        return items;
    }

    /** Lets the contest of the slot age by some milliseconds. */
    private void age(SessionRef any, long millis) {
        String contest = redis.call("HGET", shard().contests(any.agentId()), any.workerId());
        String[] parts = contest.split("\\|", 3);
        String earlier = String.valueOf(Long.parseLong(parts[1]) - millis);
        redis.call("HSET", shard().contests(any.agentId()), any.workerId(), parts[0] + "|" + earlier + "|" + parts[2]);
    }

    @Test
    void holdsBackTwoProcessesThatDisplaceEachOther() {
        assertThat(openedBeforeHold(1, 2)).isBetween(7, 9);
    }

    @Test
    void holdsBackThreeProcessesThatShareASlot() {
        assertThat(openedBeforeHold(1, 2, 3)).isBetween(8, 10);
    }

    @Test
    void doesNotHoldBackAProcessThatReconnectsOften() {
        assertThat(openedBeforeHold(1)).isEqualTo(-1);
    }

    @Test
    void doesNotHoldBackSuccessiveProcesses() {
        int[] pids = new int[100];
        for (int i = 0; i < pids.length; i++) {
            pids[i] = i;
        }
        assertThat(openedBeforeHold(pids)).isEqualTo(-1);
    }

    @Test
    void doesNotHoldBackUnidentifiedProcesses() {
        for (int i = 0; i < 50; i++) {
            assertThat(store.one(Given.open(Given.next(session)))).isInstanceOf(Opened.class);
            assertThat(store.one(by(1))).isInstanceOf(Opened.class);
        }
        assertThat(store.keys(":contests")).noneMatch(key -> key.contains(session.agentId()));
    }

    @Test
    void doesNotHoldBackProcessesThatReleaseTheSlotFirst() {
        for (int i = 0; i < 100; i++) {
            OpenSession open = by(i % 2);
            assertThat(store.one(open)).isInstanceOf(Opened.class);
            store.one(Given.close(open.session()));
        }
    }

    /** Sets the heat far above the limit, so that the speed of the test does not matter. */
    private void heatUp(SessionRef any) {
        String contest = redis.call("HGET", shard().contests(any.agentId()), any.workerId());
        redis.call(
                "HSET",
                shard().contests(any.agentId()),
                any.workerId(),
                "7000" + contest.substring(contest.indexOf('|')));
    }

    @Test
    void aHeldBackProcessGetsTheSlotOnItsSecondTry() {
        assertThat(openedBeforeHold(1, 2)).isPositive();
        heatUp(session);
        String holder = slotOf(session);
        OpenSession late = by(3 - pidOf(holder));

        assertThat(store.one(late)).isInstanceOf(HeldBack.class);
        assertThat(store.again(late)).as("our own retry").isInstanceOf(HeldBack.class);
        assertThat(slotOf(session)).isEqualTo(holder);

        assertThat(store.one(late.secondAttempt()))
                .isInstanceOfSatisfying(
                        Opened.class,
                        opened -> assertThat(opened.displacedSession())
                                .isEqualTo(Slot.parse(holder).session()));
    }

    private int pidOf(String holder) {
        String details = redis.call("HGET", shard().details(session.agentId()), "");
        assertThat(new JsonObject(details).getString("session_id"))
                .isEqualTo(Slot.parse(holder).session());
        return new JsonObject(details).getInteger("pid");
    }

    @Test
    void theDelayGrowsToFourSeconds() {
        List<Integer> delays = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            OpenSession open = by(i % 2);
            if (store.one(open) instanceof HeldBack held) {
                delays.add(held.millis());
                assertThat(store.one(open.secondAttempt())).isInstanceOf(Opened.class);
            }
        }
        assertThat(delays).hasSizeGreaterThan(25).isSorted();
        assertThat(delays.get(0)).isBetween(250, 1000);
        assertThat(delays.get(delays.size() - 1)).isEqualTo(4000);
    }

    @Test
    void forgetsAContestThatCalmedDown() {
        assertThat(openedBeforeHold(1, 2)).isPositive();
        age(session, 60_000);
        assertThat(openedBeforeHold(1, 2)).isBetween(4, 9);
        assertThat(journal()).as("one entry per contest").hasSize(2);
    }

    @Test
    void writesOneJournalEntryWithBothParties() {
        for (int i = 0; i < 30; i++) {
            OpenSession open = by(i % 2 + 1);
            if (store.one(open) instanceof HeldBack) {
                store.one(open.secondAttempt());
            }
        }

        assertThat(journal()).hasSize(1);
        JsonObject contest = journal().get(0);
        assertThat(contest.getString("kind")).isEqualTo("contest");
        assertThat(contest.getString("reason")).isEqualTo("shared_worker_id");
        assertThat(contest.getValue("worker_id")).isNull();
        assertThat(contest.getJsonArray("parties")).hasSize(2);
        for (int i = 0; i < 2; i++) {
            JsonObject party = contest.getJsonArray("parties").getJsonObject(i);
            assertThat(party.getString("host")).isEqualTo("host");
            assertThat(party.getString("remote_address")).isEqualTo("192.0.2." + party.getInteger("pid"));
            assertThat(party.getString("node")).isEqualTo(Given.NODE);
            assertThat(party.getString("started_at")).isEqualTo("2026-01-02T03:04:05Z");
        }
        assertThat(contest.getJsonArray("parties").getJsonObject(0).getInteger("pid"))
                .isNotEqualTo(contest.getJsonArray("parties").getJsonObject(1).getInteger("pid"));
    }

    @Test
    void treatsTheSlotsOfAnAgentSeparately() {
        SessionRef other = Given.worker(session, "w|2");
        assertThat(openedBeforeHold(1, 2)).isPositive();
        for (int pid = 1; pid <= 2; pid++) {
            assertThat(store.one(Given.open(Given.next(other), "host", pid))).isInstanceOf(Opened.class);
        }
    }
}

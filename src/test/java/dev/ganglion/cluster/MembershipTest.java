package dev.ganglion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.telemetry.Ticker;
import dev.ganglion.testing.log.WarnLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests how a node combines the store's records and Hazelcast's members into its view of the cluster. */
class MembershipTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

    @RegisterExtension
    final WarnLog log = new WarnLog();

    private final Vertx vertx = Vertx.vertx();
    private final Set<String> peers = new ConcurrentSkipListSet<>(Set.of("b"));
    private final Map<String, String> unreachable = new ConcurrentHashMap<>();
    private final Roster roster = new Roster();
    private final AtomicInteger connections = new AtomicInteger(1);
    private final AtomicLong ahead = new AtomicLong();
    private final Ticker ticker = () -> System.nanoTime() + ahead.get();
    private final Membership membership = new Membership(
            vertx,
            new Membership.Self("b", true, () -> peers, () -> unreachable),
            known -> record("b", "1.0", 0, connections.get()),
            CLOCK,
            ticker);
    private final AtomicInteger changes = new AtomicInteger();
    private final AtomicInteger returns = new AtomicInteger();

    /** A store whose answers the test controls. */
    private static final class Roster implements NodeStore {
        final Map<String, NodeRecord> records = new ConcurrentHashMap<>();
        final AtomicInteger calls = new AtomicInteger();
        final List<Promise<Renewal>> held = new ArrayList<>();
        volatile boolean away;
        volatile boolean holding;
        volatile Duration behind = Duration.ZERO;

        @Override
        public synchronized Future<Renewal> renew(NodeRecord self) {
            calls.incrementAndGet();
            if (away) {
                return Future.failedFuture("away");
            }
            boolean known = records.put(self.id(), self) != null;
            Renewal renewal = new Renewal(
                    List.copyOf(records.values()), known, CLOCK.instant().minus(behind));
            if (!holding) {
                return Future.succeededFuture(renewal);
            }
            Promise<Renewal> promise = Promise.promise();
            held.add(promise);
            return promise.future().map(unused -> renewal);
        }

        /** Completes the requests that were held back, with the records as they were at the time of the request. */
        synchronized void answer() {
            holding = false;
            held.forEach(Promise::tryComplete);
            held.clear();
        }

        @Override
        public Future<Void> leave(String id) {
            records.remove(id);
            return Future.succeededFuture();
        }

        @Override
        public Future<String> identity() {
            return Future.succeededFuture("it");
        }
    }

    private static NodeRecord record(String id, String... sees) {
        return record(id, "1.0", 0, sees);
    }

    private static NodeRecord record(String id, String version, long offset, String... sees) {
        return record(id, version, offset, 1, sees);
    }

    private static NodeRecord record(String id, String version, long offset, int connections, String... sees) {
        Set<String> all = new TreeSet<>(List.of(sees));
        all.add(id);
        return new NodeRecord(
                id, id + ":7700", version, Instant.EPOCH, new NodeRecord.Load(connections, 0), false, all, offset);
    }

    private void addRecord(String id, String... sees) {
        roster.records.put(id, record(id, sees));
    }

    private static ConditionFactory eventually() {
        return Awaitility.await().atMost(LIMIT);
    }

    /** Waits until the membership has sent one more request to the store. */
    private void awaitRenewal() {
        int before = roster.calls.get();
        eventually().until(() -> roster.calls.get() > before);
    }

    private void advance(Duration time) {
        ahead.addAndGet(time.toNanos());
    }

    @BeforeEach
    void listen() {
        membership.onChange(changes::incrementAndGet);
        membership.onRecovery(returns::incrementAndGet);
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    void treatsItselfAsLiveBeforeTheFirstRenewal() {
        assertThat(membership.live()).containsExactly("b");
        assertThat(membership.trusted()).containsExactly("b");
        assertThat(membership.recent()).as("no node may be treated as dead").isFalse();
        assertThat(membership.cutOff()).isFalse();
        assertThat(membership.nodes()).containsExactly(record("b"));
    }

    @Test
    void treatsNodesOfEitherSourceAsLiveAndNodesOfBothAsTrusted() {
        peers.addAll(List.of("both", "seen"));
        addRecord("both", "b", "seen");
        addRecord("stored", "stored");
        membership.start(roster).await();

        assertThat(membership.recent()).isTrue();
        assertThat(membership.live()).containsExactlyInAnyOrder("b", "both", "seen", "stored");
        assertThat(membership.trusted()).containsExactlyInAnyOrder("b", "both");
        assertThat(membership.others()).containsExactlyInAnyOrder("both", "seen");
        assertThat(membership.nodes()).extracting(NodeRecord::id).containsExactly("b", "both", "stored");
        assertThat(membership.cutOff())
                .as("two nodes on this side, one on the other")
                .isFalse();
    }

    @Test
    void isNotRecentWhileTheStoreFails() {
        membership.start(roster).await();
        assertThat(membership.recent()).isTrue();
        roster.away = true;
        advance(Duration.ofSeconds(3));
        assertThat(membership.recent()).isFalse();
        assertThat(membership.live()).contains("b");
        roster.away = false;
        eventually().until(membership::recent);
    }

    @Test
    void doesNotTreatALateAnswerAsRecent() {
        membership.start(roster).await();
        roster.holding = true;
        awaitRenewal();
        advance(Duration.ofMillis(3_200));
        addRecord("new");
        roster.answer();

        assertThat(membership.recent()).as("the renewal lacks the new node").isFalse();
        eventually().until(membership::recent);
        assertThat(membership.live()).contains("new");
    }

    @Test
    void includesANewNodeAfterTheNextRenewal() {
        membership.start(roster).await();
        addRecord("c");

        assertThat(membership.refresh().await()).extracting(NodeRecord::id).containsExactly("b", "c");
    }

    @Test
    void returnsTheLastKnownNodesWhenTheStoreDoesNotAnswer() {
        addRecord("c");
        membership.start(roster).await();
        roster.holding = true;

        assertThat(membership.refresh().await()).extracting(NodeRecord::id).containsExactly("b", "c");
        roster.answer();
        roster.away = true;
        assertThat(membership.refresh().await()).extracting(NodeRecord::id).containsExactly("b", "c");
    }

    /** Each of the 25 changes would take a second if the node only wrote its record at the regular interval. */
    @Test
    void writesAChangedRecordAtOnce() {
        membership.start(roster).await();
        long from = System.nanoTime();
        for (int i = 0; i < 25; i++) {
            int now = connections.incrementAndGet();
            eventually()
                    .until(() ->
                            roster.records.getOrDefault("b", record("b")).load().connections() == now);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void runsTheRecoveryActionAfterALongAbsence() {
        membership.start(roster).await();
        awaitRenewal();
        assertThat(returns).hasValue(0);
        roster.away = true;
        advance(Duration.ofMillis(5_500));
        roster.away = false;
        eventually().untilAsserted(() -> assertThat(returns).hasValue(1));
        awaitRenewal();
        assertThat(returns).hasValue(1);
    }

    @Test
    void runsTheRecoveryActionWhenItsRecordWasLost() {
        membership.start(roster).await();
        assertThat(returns).as("the first write always finds no record").hasValue(0);
        roster.records.remove("b");
        eventually().untilAsserted(() -> assertThat(returns).hasValue(1));
    }

    @Test
    void runsTheChangeActionOncePerChange() {
        membership.start(roster).await();
        int before = changes.get();
        addRecord("c");
        eventually().untilAsserted(() -> assertThat(changes).hasValue(before + 1));
        awaitRenewal();
        assertThat(changes).hasValue(before + 1);
        roster.records.remove("c");
        eventually().untilAsserted(() -> assertThat(changes).hasValue(before + 2));
    }

    @Test
    void isCutOffOnTheSmallerSideUntilTheClusterMerges() {
        membership.start(roster).await();
        addRecord("a", "b");
        eventually().until(membership::cutOff);
        assertThat(membership.fault())
                .hasValueSatisfying(
                        fault -> assertThat(fault).contains("cut off").contains("a"));
        peers.add("a");
        eventually().until(() -> !membership.cutOff());
        assertThat(membership.fault()).isEmpty();
        assertThat(log.texts()).anyMatch(text -> text.contains("cut off")).anyMatch(text -> text.contains("no longer"));
    }

    @Test
    void isCutOffWhileItCannotExchangeMessagesWithTheLargerSideAndNamesNodeAndCause() {
        membership.start(roster).await();
        addRecord("a", "c");
        addRecord("c", "a");
        peers.addAll(Set.of("a", "c"));
        eventually().until(() -> membership.reached().size() == 3);
        unreachable.put("a", "its certificate is foreign");
        unreachable.put("c", "its certificate is foreign");
        eventually().until(membership::cutOff);
        assertThat(membership.fault())
                .hasValueSatisfying(fault -> assertThat(fault)
                        .contains("cannot exchange messages with node a:7700 (a): its certificate is foreign")
                        .contains("c:7700"));
        unreachable.clear();
        eventually().until(() -> !membership.cutOff());
    }

    @Test
    void isNeverCutOffWithoutACluster() {
        addRecord("a");
        Membership lone = new Membership(
                vertx,
                new Membership.Self("b", false, () -> Set.of("b"), Map::of),
                known -> record("b"),
                CLOCK,
                ticker);
        lone.start(roster).await();
        assertThat(lone.cutOff()).isFalse();
    }

    @Test
    void warnsOnceOfAnotherVersionAndOnceOfAnotherClock() {
        roster.records.put("v", record("v", "0.9", 0));
        roster.records.put("c", record("c", "1.0", 2_500));
        roster.records.put("ok", record("ok", "1.0", -1_900));
        peers.addAll(List.of("v", "c", "ok"));
        membership.start(roster).await();
        awaitRenewal();
        awaitRenewal();

        assertThat(log.texts())
                .filteredOn(text -> text.contains("differs"))
                .hasSize(2)
                .anyMatch(text -> text.contains("0.9"))
                .anyMatch(text -> text.contains("2500 ms"));
    }

    @Test
    void measuresTheClockOffsetFromTheStore() {
        roster.behind = Duration.ofSeconds(10);
        membership.start(roster).await();
        assertThat(membership.clockOffsetMs()).isEqualTo(10_000);
    }

    @Test
    void removesItsRecordAndStopsRenewingWhenItStops() {
        membership.start(roster).await();
        membership.stop().await();
        assertThat(roster.records).isEmpty();
        int calls = roster.calls.get();
        Awaitility.await()
                .during(Duration.ofMillis(2_500))
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(roster.calls).hasValue(calls));
    }
}

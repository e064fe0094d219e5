package dev.ganglion.store.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.auth.audit.AuditChain.End;
import dev.ganglion.auth.audit.AuditChain.Link;
import dev.ganglion.auth.audit.AuditRepair;
import dev.ganglion.auth.audit.AuditStore;
import dev.ganglion.auth.audit.AuditTrail;
import dev.ganglion.store.redis.RedisKeys;
import io.vertx.core.Future;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the repair of an audit whose store lost the marks of both ends but kept the records. */
class AuditRepairTest extends AuditTests {
    private static AuditRepair.Report repair(@Nullable Link remembered) {
        return await(new AuditRepair(audit, CHAIN, remembered).repair(record("repaired")));
    }

    private static void loseTheMarks() {
        redis.call("DEL", RedisKeys.People.AUDIT_ENDS);
    }

    private static void assertThatAppendingWorks() {
        write(trail(), 2);
        assertThat(faults()).isEmpty();
    }

    @Test
    void recordsNothingWithoutMarksAndThenRecordsTheRepair() {
        AuditTrail brain = trail();
        write(brain, 3);
        Link head = verify(null).head();
        loseTheMarks();
        assertThat(brain.append(record("lost"))
                        .transform(done -> Future.succeededFuture(done.failed()))
                        .await())
                .isTrue();
        assertThat(faults()).anyMatch(fault -> fault.contains("ganglion audit repair"));

        AuditRepair.Report report = repair(head);

        assertThat(report.faults()).isEmpty();
        assertThat(report.records()).isEqualTo(3);
        assertThat(report.unchecked()).isNull();
        assertThat(verify(head).faults()).isEmpty();
        assertThat(verify(null).head()).isEqualTo(report.head());
        assertThat(await(audit.page(null, null, 1)).items().get(0).record()).contains("repaired");
        await(brain.append(record("the same brain continues")));
        assertThatAppendingWorks();
    }

    /** The size of one read, one record more, and two full reads. */
    @ParameterizedTest
    @ValueSource(ints = {500, 501, 1_000})
    void checksManyRecordsToTheLast(int count) {
        writeAtOnce(count);
        Link head = verify(null).head();
        loseTheMarks();

        AuditRepair.Report report = repair(head);

        assertThat(report.faults()).isEmpty();
        assertThat(report.records()).isEqualTo(count);
        assertThat(verify(head).faults()).isEmpty();
        assertThat(verify(null).head()).isEqualTo(report.head());
        assertThatAppendingWorks();
    }

    @Test
    void checksAllButTheFirstOfManyRecordsAfterATrim() {
        writeAtOnce(510);
        redis.call("XTRIM", RedisKeys.People.AUDIT, "MINID", "5-0");
        loseTheMarks();

        AuditRepair.Report report = repair(null);

        assertThat(report.faults()).isEmpty();
        assertThat(report.records()).isEqualTo(506);
        assertThat(Objects.requireNonNull(report.unchecked()).link().seq()).isEqualTo(5);
        assertThat(verify(null).first()).isEqualTo(6);
        assertThatAppendingWorks();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 501, 502})
    void findsAGapBetweenTwoReads(int missing) {
        writeAtOnce(503);
        redis.call("XDEL", RedisKeys.People.AUDIT, missing + "-0");
        loseTheMarks();
        assertThat(repair(null).faults()).containsExactly("record " + missing + " is missing");
    }

    @Test
    void aTrimmedAuditBeginsBehindItsFirstRecord() {
        write(trail(), 5);
        redis.call("XTRIM", RedisKeys.People.AUDIT, "MINID", "3-0");
        loseTheMarks();

        AuditRepair.Report report = repair(null);

        assertThat(report.faults()).isEmpty();
        assertThat(report.records()).isEqualTo(3);
        assertThat(Objects.requireNonNull(report.unchecked()).record()).contains("r3");
        assertThat(verify(null).first()).isEqualTo(4);
        assertThatAppendingWorks();
    }

    @Test
    void doesNotRepairABrokenChain() {
        write(trail(), 4);
        redis.call("XDEL", RedisKeys.People.AUDIT, "3-0");
        loseTheMarks();

        AuditRepair.Report report = repair(null);

        assertThat(report.head()).isNull();
        assertThat(report.faults()).containsExactly("record 3 is missing");
        assertThat(redis.call("EXISTS", RedisKeys.People.AUDIT_ENDS)).isEqualTo("0");
        assertThat(redis.call("XLEN", RedisKeys.People.AUDIT)).isEqualTo("3");
    }

    @Test
    void doesNotRepairAChangedRecord() {
        write(trail(), 2);
        String mac = await(audit.entriesFrom(2, 1)).get(0).link().mac();
        redis.call("XDEL", RedisKeys.People.AUDIT, "2-0");
        redis.call("DEL", RedisKeys.People.AUDIT);
        redis.call("XADD", RedisKeys.People.AUDIT, "1-0", "id", "i", "mac", mac, "record", "{}");
        loseTheMarks();
        assertThat(repair(null).faults()).containsExactly("record 1 was changed or replaced");
    }

    @Test
    void findsRecordsRemovedAtTheEndByAnEarlierHead() {
        write(trail(), 4);
        Link head = verify(null).head();
        redis.call("XDEL", RedisKeys.People.AUDIT, "4-0");
        loseTheMarks();
        assertThat(repair(head).faults()).singleElement().asString().contains("given head, record 4");
        assertThat(redis.call("EXISTS", RedisKeys.People.AUDIT_ENDS)).isEqualTo("0");
    }

    @Test
    void doesNothingIfAMarkIsLeft() {
        write(trail(), 2);
        redis.call("HDEL", RedisKeys.People.AUDIT_ENDS, "head_mac", "head_seal");
        assertThat(repair(null).faults()).singleElement().asString().contains("is still marked");
        assertThat(redis.call("XLEN", RedisKeys.People.AUDIT)).isEqualTo("2");
    }

    private static AuditStore.Repair behind(Link last) {
        String text = record("repaired").json().encode();
        Link head = CHAIN.next(last, text);
        return new AuditStore.Repair(
                last,
                new AuditStore.Sealed(Link.START, CHAIN.seal(End.ANCHOR, Link.START)),
                new AuditStore.Entry("id", head, text),
                new AuditStore.Sealed(head, CHAIN.seal(End.HEAD, head)));
    }

    @Test
    void repairsOnceIfTheReplyIsLost() {
        write(trail(), 2);
        AuditStore.Repair repair = behind(verify(null).head());
        loseTheMarks();

        assertThat(await(audit.repair(repair))).isTrue();
        assertThat(await(audit.repair(repair))).isTrue();

        assertThat(redis.call("XLEN", RedisKeys.People.AUDIT)).isEqualTo("3");
        assertThatAppendingWorks();
    }

    @Test
    void doesNothingIfRecordsWereAppendedSinceTheCheck() {
        write(trail(), 1);
        AuditStore.Repair repair = behind(verify(null).head());
        write(trail(), 1);
        loseTheMarks();

        assertThat(await(audit.repair(repair))).isFalse();

        assertThat(redis.call("XLEN", RedisKeys.People.AUDIT)).isEqualTo("2");
        assertThat(redis.call("EXISTS", RedisKeys.People.AUDIT_ENDS)).isEqualTo("0");
    }

    @Test
    void leavesAnEmptyAuditUnchanged() {
        AuditRepair.Report report = repair(null);
        assertThat(report.head()).isNull();
        assertThat(report.records()).isZero();
        assertThatAppendingWorks();
    }
}

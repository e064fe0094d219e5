package dev.ganglion.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.auth.AuditChain;
import dev.ganglion.auth.AuditChain.End;
import dev.ganglion.auth.AuditChain.Link;
import dev.ganglion.auth.AuditVerifier;
import dev.ganglion.auth.MasterSecrets;
import dev.ganglion.config.Secret;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever can write to Redis and has no master secret cannot change the audit without it being seen. */
class AuditChainTest extends AuditTests {
    private static final String STREAM = Keys.People.AUDIT;
    private static final String ENDS = Keys.People.AUDIT_ENDS;

    @BeforeEach
    void givenTenRecords() {
        write(trail(), 10);
        assertThat(faults()).isEmpty();
    }

    private static String[] entry(int seq) {
        return redis.call("XRANGE", STREAM, seq + "-0", seq + "-0").split("\n");
    }

    /** Puts a stream in its place that is the old one with some entries made other; null leaves one out. */
    private static void rewrite(java.util.function.IntFunction<String[]> each) {
        for (int seq = 1; seq <= 10; seq++) {
            String[] fields = each.apply(seq);
            if (fields != null) {
                redis.call(
                        "XADD", "{ganglion}:other", seq + "-0", "id", fields[2], "mac", fields[4], "record", fields[6]);
            }
        }
        redis.call("RENAME", "{ganglion}:other", STREAM);
    }

    @Test
    void theReportSaysHowFarTheChainGoes() {
        AuditVerifier.Report report = verify(null);
        assertThat(report.records()).isEqualTo(10);
        assertThat(report.first()).isEqualTo(1);
        assertThat(report.head().seq()).isEqualTo(10);
    }

    @Test
    void anEmptyAuditHolds() {
        redis.flush();
        assertThat(faults()).isEmpty();
        assertThat(verify(null).records()).isZero();
    }

    @Test
    void aChangedRecordIsFound() {
        rewrite(seq -> {
            String[] fields = entry(seq);
            if (seq == 4) {
                fields[6] = fields[6].replace("ada@", "eve@");
            }
            return fields;
        });
        assertThat(faults()).containsExactly("record 4 was changed or replaced");
    }

    @Test
    void aRemovedRecordIsFound() {
        redis.call("XDEL", STREAM, "4-0", "5-0");
        assertThat(faults()).containsExactly("records 4 to 5 are missing");
    }

    @Test
    void aRemovedRecordIsFoundAlsoWhenTheOthersAreMovedUp() {
        for (int seq = 1; seq <= 9; seq++) {
            String[] from = entry(seq < 4 ? seq : seq + 1);
            redis.call("XADD", "{ganglion}:other", seq + "-0", "id", from[2], "mac", from[4], "record", from[6]);
        }
        redis.call("RENAME", "{ganglion}:other", STREAM);
        redis.call("HSET", ENDS, "head_seq", "9");
        assertThat(faults()).isNotEmpty().first().asString().startsWith("record 4 was changed");
    }

    @Test
    void swappedRecordsAreFoundWithAndWithoutTheirMacs() {
        rewrite(seq -> entry(seq == 4 ? 5 : seq == 5 ? 4 : seq));
        assertThat(faults()).isNotEmpty().first().asString().startsWith("record 4 ");
        redis.flush();
        write(trail(), 10);
        rewrite(seq -> {
            String[] fields = entry(seq);
            if (seq == 4 || seq == 5) {
                fields[6] = entry(9 - seq)[6];
            }
            return fields;
        });
        assertThat(faults()).hasSize(2).allMatch(fault -> fault.matches("record [45] was changed.*"));
    }

    @Test
    void recordsCutOffAtTheEndAreFound() {
        redis.call("XDEL", STREAM, "9-0", "10-0");
        assertThat(faults()).containsExactly("records 9 to 10 are missing at the end");
    }

    @Test
    void recordsCutOffAtTheEndAreFoundAlsoWhenTheHeadIsMovedBack() {
        redis.call("XDEL", STREAM, "9-0", "10-0");
        redis.call("HSET", ENDS, "head_seq", "8", "head_mac", entry(8)[4]);
        assertThat(faults()).containsExactly("the mark of the end of the audit (record 8) was changed");
    }

    /** Who kept an old seal can roll back to it; who kept a head that was printed sees it. */
    @Test
    void aRollBackToAStateOfBeforeIsFoundByTheHeadOfThen() {
        Link head = verify(null).head();
        redis.flush();
        write(trail(), 8);
        assertThat(faults()).isEmpty();
        assertThat(verify(head).faults()).containsExactly("the chain does not contain the given head, record 10");
        redis.flush();
        write(trail(), 12);
        assertThat(verify(head).faults()).hasSize(1);
    }

    @Test
    void aHeadOfBeforeIsOnTheWayOfAChainThatGrew() {
        Link head = verify(null).head();
        write(trail(), 3);
        assertThat(verify(head).faults()).isEmpty();
        assertThat(verify(new Link(head.seq(), "0".repeat(64))).faults()).hasSize(1);
    }

    @Test
    void recordsCutOffAtTheBeginningAreFound() {
        redis.call("XDEL", STREAM, "1-0", "2-0");
        assertThat(faults()).containsExactly("records 1 to 2 are missing");
        redis.call("HSET", ENDS, "anchor_seq", "2", "anchor_mac", "0".repeat(64), "anchor_seal", "0".repeat(64));
        assertThat(faults()).anyMatch(fault -> fault.startsWith("the mark of the start of the audit"));
    }

    @Test
    void aRecordThatNobodyWroteIsFound() {
        redis.call("XADD", STREAM, "11-0", "id", "x", "mac", "0".repeat(64), "record", "{}");
        assertThat(faults())
                .containsExactly(
                        "record 11 was changed or replaced",
                        "records 11 to 11 were added after the end of the chain");
    }

    @Test
    void aLostHeadIsFoundAndNothingIsWrittenBehindIt() {
        redis.call("DEL", ENDS);
        assertThat(faults()).isNotEmpty();
        assertThat(trail().append(record("late"))
                        .transform(done -> io.vertx.core.Future.succeededFuture(done.failed()))
                        .await())
                .isTrue();
        assertThat(entry(10)[6]).contains("r10");
    }

    @Test
    void anotherSecretDoesNotHoldAndOneOfBeforeDoes() {
        Secret other = Secret.of("the master secret that came after it, as long");
        AuditChain stranger = new AuditChain(new MasterSecrets(other, List.of()));
        AuditChain rotated = new AuditChain(new MasterSecrets(other, List.of(SECRET)));

        assertThat(await(new AuditVerifier(audit, stranger, null).verify()).faults())
                .hasSizeGreaterThan(9);
        dev.ganglion.auth.AuditTrail next = new dev.ganglion.auth.AuditTrail(audit, rotated, KEPT);
        write(next, 2);
        assertThat(await(new AuditVerifier(audit, rotated, null).verify()).faults())
                .isEmpty();
        assertThat(faults()).as("the secret of before alone").isNotEmpty();
    }

    @Test
    void aSealIsOfOneEndAndOnePlace() {
        Link link = new Link(3, "ab");
        String seal = CHAIN.seal(End.HEAD, link);
        assertThat(CHAIN.isSealed(End.HEAD, link, seal)).isTrue();
        assertThat(CHAIN.isSealed(End.ANCHOR, link, seal)).isFalse();
        assertThat(CHAIN.isSealed(End.HEAD, new Link(4, "ab"), seal)).isFalse();
    }
}

package dev.ganglion.store.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.auth.audit.AuditLog;
import dev.ganglion.auth.audit.AuditRecord;
import dev.ganglion.store.redis.RedisKeys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests the bounds of refused calls, and that the chain stays valid beside them. */
class RefusedCallCountTest extends AuditTests {
    private static AuditRecord refused(@Nullable String actorId, String address, String action) {
        return refused(Instant.now(), actorId, address, action);
    }

    private static AuditRecord refused(Instant time, @Nullable String actorId, String address, String action) {
        return new AuditRecord(
                UUID.randomUUID().toString(),
                time,
                new AuditRecord.Actor(actorId == null ? "anonymous" : "user", actorId, "somebody"),
                action,
                new AuditRecord.Scope(address, "r", "node"),
                new AuditRecord.Target("/projects/p/agents", null, "p-id", "p"),
                "forbidden");
    }

    private static List<AuditLog.Listed> listed() {
        List<AuditLog.Listed> all = new ArrayList<>();
        String cursor = null;
        do {
            var page = await(log.page(null, cursor, 500));
            all.addAll(page.items());
            cursor = page.nextCursor();
        } while (cursor != null);
        return all;
    }

    @Test
    void countsARepeatedMessageOnce() {
        AuditRecord call = refused("u", "192.0.2.1", "createAgent");
        await(log.countRefused(call));
        await(log.countRefused(call)); // the reply of the first was lost
        await(log.countRefused(refused("u", "192.0.2.1", "createAgent")));
        assertThat(listed()).singleElement().satisfies(entry -> {
            assertThat(entry.count()).isEqualTo(2);
            assertThat(entry.seq()).isNull();
        });
    }

    @Test
    void closesTheOpenRecordOfARefusedCall() {
        AuditRecord call = refused("u", "192.0.2.1", "createAgent");
        await(trail().begin(call));
        await(log.countRefused(call));
        assertThat(await(audit.openRecords())).isEmpty();
    }

    @Test
    void aCallerPushesOutOnlyItsOwnEntries() {
        await(log.countRefused(refused("other", "192.0.2.1", "createAgent")));
        for (int i = 0; i < RedisAuditLog.OF_CALLER + 20; i++) {
            await(log.countRefused(refused("u", "192.0.2.1", "action-" + i)));
        }
        List<AuditLog.Listed> all = listed();
        assertThat(all).hasSize(RedisAuditLog.OF_CALLER + 1);
        assertThat(all.get(all.size() - 1).record()).contains("\"actor_id\":\"other\"");
    }

    @Test
    void strangersOfManyAddressesPushOutNoUserAndStayBounded() {
        await(log.countRefused(refused("u", "192.0.2.1", "createAgent")));
        for (int i = 0; i < RedisAuditLog.OF_ALL + 30; i++) {
            await(log.countRefused(refused(null, "2001:db8:" + Integer.toHexString(i) + "::1", "login")));
        }
        assertThat(redis.call("ZCARD", RedisKeys.People.AUDIT_REFUSED_STRANGERS))
                .isEqualTo("" + RedisAuditLog.OF_ALL);
        assertThat(redis.call("HLEN", RedisKeys.People.AUDIT_REFUSED)).isEqualTo("" + (RedisAuditLog.OF_ALL + 2));
        assertThat(listed())
                .hasSize(RedisAuditLog.OF_ALL + 1)
                .last()
                .satisfies(entry -> assertThat(entry.record()).contains("\"actor_id\":\"u\""));
    }

    @Test
    void theChainStaysValidBesideRefusedCalls() {
        var trail = trail();
        for (int i = 0; i < 5; i++) {
            await(trail.append(record("r" + i)));
            await(log.countRefused(refused("u" + i, "192.0.2.1", "createAgent")));
        }
        assertThat(faults()).isEmpty();
        assertThat(verify(null).records()).isEqualTo(5);
        assertThat(listed()).hasSize(10);
    }

    @Test
    void aRepeatedCallMovesToTheTopAndKeepsItsFirstTime() {
        Instant time = Instant.now();
        AuditRecord first = refused(time, "u", "192.0.2.1", "createAgent");
        await(log.countRefused(first));
        await(log.countRefused(refused(time.plusMillis(5), "u", "192.0.2.1", "deleteAgent")));
        AuditRecord again = refused(time.plusMillis(10), "u", "192.0.2.1", "createAgent");
        await(log.countRefused(again));

        assertThat(listed()).hasSize(2).first().satisfies(entry -> {
            assertThat(entry.count()).isEqualTo(2);
            assertThat(entry.first().toEpochMilli()).isEqualTo(first.time().toEpochMilli());
            assertThat(entry.record()).contains(again.id());
        });
        for (int i = 1; i < RedisAuditLog.OF_CALLER; i++) {
            await(log.countRefused(refused("u", "192.0.2.1", "action-" + i)));
        }
        assertThat(listed())
                .last()
                .satisfies(entry -> assertThat(entry.record()).contains("createAgent"));
    }
}

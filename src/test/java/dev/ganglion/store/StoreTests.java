package dev.ganglion.store;

import static org.awaitility.Awaitility.await;

import dev.ganglion.bus.SessionRef;
import dev.ganglion.lane.Outcome.Stored;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Slot;
import dev.ganglion.testing.redis.RedisExtension;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Provides a Redis, the adapters of a node on it, and an enrolled agent with a session that is not open yet. */
@Timeout(30)
public abstract class StoreTests {
    @RegisterExtension
    public static final RedisExtension redis = new RedisExtension();

    public static StoreFixture store;
    public SessionRef session;

    @BeforeAll
    static void connect() {
        store = StoreFixture.on(redis.uri());
    }

    @AfterAll
    static void close() {
        store.close();
    }

    @BeforeEach
    void givenAnAgent() {
        await().until(store.line::available);
        session = Given.session(redis.uri());
    }

    public List<String> stored() {
        return store.storedIds(session.projectId(), 1);
    }

    public static Stored stored(int events, boolean known) {
        return new Stored(events, events, 0, known);
    }

    public RedisKeys.Shard shard() {
        return RedisKeys.Shard.of(session);
    }

    public String slotOf(SessionRef any) {
        return redis.call("HGET", shard().slots(any.agentId()), any.workerId());
    }

    /** Changes the slot as if its last frame had arrived one minute earlier. */
    public void silence(SessionRef any) {
        String slot = slotOf(any);
        long seen = Slot.parse(slot).seenAt().toEpochMilli();
        redis.call(
                "HSET",
                shard().slots(any.agentId()),
                any.workerId(),
                slot.replace("|" + seen + "|", "|" + (seen - 60_000) + "|"));
    }

    /** Changes the slot as if its lease had already expired. */
    public void endLease(SessionRef any) {
        String slot = slotOf(any);
        String end = String.valueOf(Slot.parse(slot).leaseEnd().toEpochMilli());
        redis.call("HSET", shard().slots(any.agentId()), any.workerId(), slot.replace("|" + end + "|", "|1|"));
    }
}

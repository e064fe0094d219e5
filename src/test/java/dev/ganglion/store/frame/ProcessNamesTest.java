package dev.ganglion.store.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.PollMessage.OpenPoll;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.projection.ProjectionPosition;
import dev.ganglion.projection.ProjectionSlice.StoredBatch;
import dev.ganglion.store.Given;
import dev.ganglion.store.StoreTests;
import dev.ganglion.store.projection.RedisEventStreams;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that a stored batch names the process that sent it. */
class ProcessNamesTest extends StoreTests {
    private static final String NAME_OF_WEB_1 = "xHGa-nb6";

    private List<String> processes() {
        RedisEventStreams streams = new RedisEventStreams(store.shared);
        return store.await(streams.read(session.projectId(), 0, ProjectionPosition.START)).batches().stream()
                .map(StoredBatch::process)
                .toList();
    }

    @Test
    void aProcessKeepsItsNameInTheNextSession() {
        SessionRef first = Given.worker(session, "web-1");
        SessionRef next = Given.next(first);

        store.one(Given.open(first));
        store.one(Given.batch(first, 1, Given.id(), Given.id()));
        store.one(Given.open(next));
        store.one(Given.batch(next, 1, Given.id(), Given.id()));

        assertThat(processes()).containsExactly(NAME_OF_WEB_1, NAME_OF_WEB_1);
    }

    @Test
    void processesOfOneAgentHaveDifferentNames() {
        SessionRef other = Given.worker(session, "web-2");
        SessionRef large = Given.worker(session, "web-3");
        store.one(Given.open(other));
        store.one(Given.open(large));

        store.one(Given.batch(other, 1, Given.id(), Given.id()));
        store.one(Given.sized(large, 1, Given.id(), 50_000));

        assertThat(processes()).doesNotHaveDuplicates().hasSize(2).allMatch(name -> name.matches("[\\w-]{8}"));
    }

    @Test
    void aLongPollSessionHasTheNameThatItsAgentChose() {
        SessionRef poll = new SessionRef(
                session.projectId(),
                session.projectSlug(),
                session.shard(),
                session.agentId(),
                "web-1",
                Given.id(),
                session.nodeId(),
                Given.id());
        store.one(new OpenPoll(poll, "127.0.0.1", true));

        store.one(Given.batch(poll, 1, Given.id(), Given.id()));

        assertThat(processes()).containsExactly(NAME_OF_WEB_1);
    }

    @Test
    void theAgentStandsForAProcessWithoutWorkerId() {
        store.one(Given.open(session));
        store.one(Given.batch(session, 1, Given.id(), Given.id()));

        assertThat(processes()).containsExactly(session.agentId());
        assertThat(redis.call("XRANGE", shard().events(), "-", "+").lines()).doesNotContain("w");
    }
}

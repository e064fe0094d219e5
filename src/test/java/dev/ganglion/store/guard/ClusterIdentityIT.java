package dev.ganglion.store.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.testing.redis.OnCluster;
import dev.ganglion.testing.redis.RedisExtension;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests the identity of a store in a Redis Cluster of three masters. */
@OnCluster
@Timeout(60)
class ClusterIdentityIT extends StoreIdentityTests {
    private static final int MASTERS = 3;

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private Node node;
    private String id;

    @BeforeEach
    void givenANodeOnAnEmptyCluster() {
        for (int master = 0; master < MASTERS; master++) {
            redis.cluster().call(master, "FLUSHALL");
        }
        node = node(redis.uri());
        id = node.learn();
        node.confirm();
    }

    @Test
    void findsEachMasterThatWasEmptiedAndNamesIt() {
        for (int master = 0; master < MASTERS; master++) {
            redis.cluster().call(master, "FLUSHALL");
            String address = ":" + redis.cluster().servers().get(master).port();

            assertThatThrownBy(node::confirm).hasMessageContainingAll(id, address);
            assertThatThrownBy(() -> node(redis.uri()).learn()).hasMessageContaining("marks are missing");

            assertThat(await(node(redis.uri()).identity().accept(Optional.empty())))
                    .isEqualTo(id);
            node.confirm();
        }
    }

    @Test
    void keepsServingWhileASlotWithAMarkMoves() {
        int slot = redis.cluster().slot(Marks.KEYS.get(0));
        int to = (redis.cluster().owner(slot) + 1) % MASTERS;
        redis.cluster().beginMove(slot, to);
        node.confirm();
        redis.cluster().endMove(slot, to);

        node(redis.uri()).learn();
        node.confirm();
    }
}

package dev.ganglion.store.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.config.value.RedisUri;
import dev.ganglion.config.value.Secret;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.testing.redis.RedisExtension;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests how nodes create, adopt, compare and accept the identity of a store. */
@Timeout(30)
class StoreIdentityTest extends StoreIdentityTests {
    private static final String OLD = "11111111-2222-3333-4444-555555555555";

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private Node node;

    @BeforeEach
    void givenAnEmptyRedis() {
        redis.flush();
        node = node(redis.uri());
    }

    private StoreIdentity.State state() {
        return await(node.identity().read());
    }

    @Test
    void givesAnEmptyRedisOneIdentityAlthoughSeveralNodesStartAtOnce() {
        List<Future<String>> starts = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            starts.add(node(redis.uri()).identity().learn(Optional.empty()));
        }

        assertThat(starts.stream().map(StoreIdentityTests::await)).containsOnly(redis.call("GET", RedisKeys.IDENTITY));
        assertThat(state().isComplete()).isTrue();
    }

    @Test
    void keepsTheIdentityOfAStoreThatAnEarlierVersionWrote() {
        redis.call("SET", RedisKeys.IDENTITY, OLD);

        assertThat(node.learn()).isEqualTo(OLD);

        assertThat(state().isComplete()).isTrue();
    }

    @Test
    void finishesAnIdentityWhoseNodeDiedWhileItMarkedTheStore() {
        String id = node.learn();
        redis.call("DEL", RedisKeys.MARKED, Marks.KEYS.get(1), Marks.KEYS.get(200));

        assertThat(node.learn()).isEqualTo(id);

        assertThat(state().isComplete()).isTrue();
    }

    @Test
    void startsOnNoStoreThatLostAPartOfItsMarks() {
        node.learn();
        redis.call("DEL", Marks.KEYS.get(1));

        assertThatThrownBy(node::learn).hasMessageContainingAll("1 of 256 marks are missing", "ganglion store accept");
    }

    @Test
    void startsOnNoStoreThatLostItsIdentity() {
        node.learn();
        redis.call("DEL", RedisKeys.IDENTITY);

        assertThatThrownBy(node::learn).hasMessageContaining("the identity too");
    }

    @Test
    void keepsTheIdentityWhenAnOperatorAcceptsTheLossOfAPart() {
        String id = node.learn();
        redis.call("DEL", RedisKeys.IDENTITY, Marks.KEYS.get(1));

        assertThat(await(node.identity().accept(Optional.empty()))).isEqualTo(id);

        assertThat(state().isComplete()).isTrue();
    }

    @Test
    void findsAnEmptiedRedisOverTheOpenConnection() {
        String id = node.learn();
        node.confirm();
        redis.flush();

        assertThatThrownBy(node::confirm).hasMessageContainingAll("has lost data of store " + id, "--replaces " + id);
    }

    @Test
    void adoptsAnotherStoreOnlyAfterAnOperatorAcceptedIt() {
        String id = node.learn();
        List<String> accepted = new ArrayList<>();
        node.guard().onAccepted(accepted::add);
        redis.flush();
        Node other = node(redis.uri());
        String otherId = other.learn();
        assertThatThrownBy(node::confirm).hasMessageContainingAll(id, otherId);

        assertThatThrownBy(() -> await(other.identity().accept(Optional.empty())))
                .hasMessageContaining("name the store that the nodes served before with --replaces");
        assertThat(await(other.identity().accept(Optional.of(id)))).isEqualTo(otherId);
        node.confirm();

        assertThat(accepted).containsExactly(otherId);
        assertThat(node.guard().identity()).contains(otherId);
        other.confirm();
    }

    @Test
    void checksNoDurabilityWhereItMayNotReadTheSettings() {
        redis.call("ACL", "SETUSER", "managed", "on", ">secret", "~*", "&*", "+@all", "-config", "-info");
        RedisUri own = redis.uri();
        Node managed = node(new RedisUri(
                false, own.host(), own.port(), Optional.of("managed"), Optional.of(Secret.of("secret")), 0));
        managed.learn();

        await(managed.line().recheck());

        assertThat(managed.guard().refusal()).isEmpty();
    }

    @Test
    void acceptsAnEmptyRedisUnderANewIdentity() {
        String id = node.learn();
        redis.flush();

        String accepted = await(node(redis.uri()).identity().accept(Optional.of(id)));

        assertThat(accepted).isNotEqualTo(id);
        node.confirm();
        assertThat(node.guard().identity()).contains(accepted);
    }

    @Test
    void startsOnNoOtherStoreThanTheRequiredOne() {
        assertThatThrownBy(() -> await(node.identity().learn(Optional.of(OLD))))
                .hasMessageContainingAll("redis.store-id", "Redis is empty", OLD);
        assertThat(state().isEmpty()).isTrue();
        String id = node.learn();

        assertThat(await(node.identity().learn(Optional.of(id)))).isEqualTo(id);
        assertThatThrownBy(() -> await(node.identity().learn(Optional.of(OLD))))
                .hasMessageContainingAll("Redis holds store " + id, "--replaces " + OLD);
    }

    @Test
    void startsOnAStoreThatAnOperatorAcceptedInPlaceOfTheRequiredOne() {
        String id = node.learn();
        await(node.identity().accept(Optional.of(OLD)));
        await(node.identity().accept(Optional.of(id)));

        assertThat(await(node.identity().learn(Optional.of(OLD)))).isEqualTo(id);
        assertThat(state().replaces()).containsExactly(OLD);
    }

    @Test
    void startsOnNoStoreWhosePartsBelongToSeveralStores() {
        node.learn();
        redis.call("SET", Marks.KEYS.get(1), OLD);

        assertThat(state().isComplete()).isFalse();
        assertThatThrownBy(node::learn).hasMessageContainingAll("belong to another store", OLD);
        redis.call("DEL", RedisKeys.MARKED);
        assertThatThrownBy(node::learn).hasMessageContaining("ganglion store accept");
    }

    @Test
    void startsOnNoMarksWithoutAnIdentity() {
        node.learn();
        redis.call("DEL", RedisKeys.MARKED, RedisKeys.IDENTITY);

        assertThatThrownBy(node::learn).hasMessageContaining("the identity too");
    }
}

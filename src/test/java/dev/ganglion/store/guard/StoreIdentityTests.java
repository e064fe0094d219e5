package dev.ganglion.store.guard;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.config.RedisConfig;
import dev.ganglion.config.value.Durability;
import dev.ganglion.config.value.RedisUri;
import dev.ganglion.store.redis.RedisLine;
import dev.ganglion.store.redis.RedisServers;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** Gives tests of the store's identity nodes with a guarded connection. */
abstract class StoreIdentityTests {
    final Vertx vertx = Vertx.vertx();
    private final List<SharedLine> lines = new ArrayList<>();

    /** A node that uses a store. */
    record Node(SharedLine line, StoreGuard guard, StoreIdentity identity) {
        @CanIgnoreReturnValue
        String learn() {
            String id = await(identity.learn(Optional.empty()));
            guard.expect(id);
            return id;
        }

        void confirm() {
            await(line.sameStore());
        }
    }

    @AfterEach
    void close() {
        lines.forEach(line -> await(line.close().map(true)));
        vertx.close().await();
    }

    Node node(RedisUri uri) {
        RedisServers servers = new RedisServers(vertx, RedisConfig.at(uri));
        StoreGuard guard = new StoreGuard(Durability.ALWAYS);
        servers.require(guard);
        SharedLine line = new SharedLine(
                vertx,
                new RedisLine(vertx, servers, "data", Ticker.system()),
                vertx.getOrCreateContext(),
                Ticker.system());
        lines.add(line);
        await(line.start());
        return new Node(line, guard, new StoreIdentity(line));
    }

    @CanIgnoreReturnValue
    static <T> T await(Future<T> future) {
        return future.timeout(10, TimeUnit.SECONDS).await();
    }
}

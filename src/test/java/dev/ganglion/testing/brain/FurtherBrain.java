package dev.ganglion.testing.brain;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.ganglion.Brain;
import dev.ganglion.BrainInternals;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.KeyDerivation;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireSocket;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** A further brain in this process, on the Redis of the first brain or on a proxy in front of it. */
public final class FurtherBrain implements AutoCloseable {
    private static final int START_SECONDS = 60;
    private static final String ADMIN_KEY = "z4k_the_admin_key_of_another_brain";

    private final Brain brain;

    private FurtherBrain(Brain brain) {
        this.brain = brain;
    }

    /**
     * Starts a brain on a running Redis.
     *
     * @param settings further configuration as key, value, key, value…
     */
    public static FurtherBrain start(String redisUri, String... settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "http.port",
                "0",
                "http.event-loops",
                "1",
                "master-secret",
                BrainExtension.MASTER_SECRET,
                "admin-key",
                ADMIN_KEY,
                "drain.window",
                "0s",
                "redis.uri",
                redisUri));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return new FurtherBrain(await(Brain.start(GanglionConfig.with(all), Clock.systemUTC())));
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(START_SECONDS, SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the brain itself. */
    public Brain brain() {
        return brain;
    }

    /** Returns the port for agents and REST. */
    public int port() {
        return brain.port();
    }

    /** Returns the sum of a metric over the series with this label. */
    public double metric(String name, String label, String value) {
        return rest().call("GET", "/metrics", null)
                .text()
                .lines()
                .filter(line -> line.startsWith(name + "{") && line.contains(label + "=\"" + value + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Returns a REST client with the admin key of this brain. */
    public Rest rest() {
        return Rest.at(brain.port(), "Bearer " + ADMIN_KEY);
    }

    /** Connects an agent to this brain. */
    public WireAgent connect(EnrolledAgent agent, JsonObject hello) {
        return connect(brain.port(), agent, hello);
    }

    /** Connects an agent to the brain on this port. */
    public static WireAgent connect(int port, EnrolledAgent agent, JsonObject hello) {
        WireSocket socket = WireSocket.connect(port);
        int status = socket.upgrade(EnrolledAgent.DOCUMENTED, Map.of("Authorization", "Bearer " + agent.token()))
                .status();
        if (status != 101) {
            throw new AssertionError("the brain rejected the upgrade: " + status);
        }
        return WireAgent.connectWithHello(
                socket, KeyDerivation.secretBytes(agent.secretText()), hello, HmacEncoding.BASE64);
    }

    /** Passes each message that is published to an address of this brain's event bus to a consumer. */
    public void listen(String address, Consumer<String> each) {
        BrainInternals.vertx(brain).eventBus().<String>localConsumer(address, message -> each.accept(message.body()));
    }

    @Override
    public void close() {
        Void unused = await(brain.stop());
    }
}

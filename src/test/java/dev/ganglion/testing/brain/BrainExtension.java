package dev.ganglion.testing.brain;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.Brain;
import dev.ganglion.BrainInternals;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.redis.RedisExtension;
import dev.ganglion.testing.wire.WireSocket;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs a real brain in this process on a free port, with its own Redis, for the tests of a class: {@code
 * @RegisterExtension static final BrainExtension brain = new BrainExtension().with("agent.idle-timeout", "2s");}
 */
public final class BrainExtension implements BeforeAllCallback, AfterAllCallback {
    /** The master secret, from which all other secrets are derived. */
    public static final String MASTER_SECRET = "a master secret of the tests, long enough";

    /** The admin key, which has all rights. */
    public static final String ADMIN_KEY = "z4k_the_admin_key_of_the_tests";
    /** The Authorization header with the admin key. */
    public static final String ADMIN = "Bearer " + ADMIN_KEY;

    private static final int START_SECONDS = 60;
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final RedisExtension redis = new RedisExtension();
    private final Map<String, String> settings = new LinkedHashMap<>();
    private @Nullable Brain brain;
    private int deploymentsAtRest;

    /** Prepares a brain with the default configuration. */
    public BrainExtension() {
        settings.put("http.port", "0");
        settings.put("http.event-loops", "2");
        settings.put("master-secret", MASTER_SECRET);
        settings.put("admin-key", ADMIN_KEY);
        settings.put("drain.window", "0s");
    }

    /** Sets a configuration key. The value applies from the next start. */
    @CanIgnoreReturnValue
    public BrainExtension with(String key, String value) {
        settings.put(key, value);
        return this;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        redis.beforeAll(context);
        start();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        try {
            stop();
        } finally {
            redis.afterAll(context);
        }
    }

    /** Starts a brain on the running Redis. */
    public void start() {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put("redis.uri", redis.connectionString().value());
        brain = await(Brain.start(GanglionConfig.with(all), Clock.systemUTC()));
        deploymentsAtRest = deployments();
    }

    /** Stops the brain in order. Redis keeps running. */
    public void stop() {
        if (brain != null) {
            Brain stopped = brain;
            brain = null;
            Void unused = await(stopped.stop());
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Brain running() {
        return Objects.requireNonNull(brain, "the brain is not running");
    }

    /** Returns the port for agents and REST. */
    public int port() {
        return running().port();
    }

    /** Returns the Redis, which tests may freeze and kill. */
    public RedisExtension redis() {
        return redis;
    }

    /** Returns a REST client with the admin key. */
    public Rest rest() {
        return rest(ADMIN);
    }

    /** Returns a REST client with this Authorization header, or without the header if the text is empty. */
    public Rest rest(String authorization) {
        return Rest.at(port(), authorization);
    }

    /** Returns a unique name. */
    public String uniqueName(String prefix) {
        return prefix + "-" + NAMES.incrementAndGet();
    }

    /** Creates a project and returns its slug. */
    public String project() {
        return project(new JsonObject());
    }

    /** Creates a project with further fields in the request and returns its slug. */
    public String project(JsonObject more) {
        String slug = uniqueName("project");
        JsonObject body = new JsonObject().put("slug", slug).put("name", "Project " + slug);
        return rest().post("/projects", body.mergeIn(more)).expect(201).getString("slug");
    }

    /** Enrols an agent in a new project. */
    public EnrolledAgent agent() {
        return agent(project(), new JsonObject());
    }

    /** Enrols an agent in a project, with further fields in the request. */
    public EnrolledAgent agent(String slug, JsonObject more) {
        JsonObject body = new JsonObject().put("name", uniqueName("agent"));
        JsonObject minted =
                rest().post("/projects/" + slug + "/agents", body.mergeIn(more)).expect(201);
        return EnrolledAgent.of(this, slug, minted);
    }

    /**
     * Returns the sum of a metric over the series with these labels.
     *
     * @param labels labels as name, value, name, value…
     */
    public double metric(String name, String... labels) {
        double sum = 0;
        for (String line : metrics().lines().toList()) {
            boolean found = line.startsWith(name + "{") || line.startsWith(name + " ");
            for (int i = 0; found && i < labels.length; i += 2) {
                found = line.contains(labels[i] + "=\"" + labels[i + 1] + "\"");
            }
            if (found) {
                sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        return sum;
    }

    /** Returns all metrics as text. */
    public String metrics() {
        Rest.Response answer = rest().call("GET", "/metrics", null);
        if (answer.status() != 200) {
            throw new AssertionError("cannot read the metrics: " + answer);
        }
        return answer.text();
    }

    /** Returns the running brain. */
    public Brain brain() {
        return running();
    }

    /** Returns the number of deployed verticles. */
    public int deployments() {
        return BrainInternals.vertx(running()).deploymentIDs().size();
    }

    /** Waits until all connections are closed: their verticles are undeployed, and the metrics count none. */
    public void awaitNoConnections() {
        Awaitility.await("all connections to be closed")
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .atMost(WireSocket.PATIENCE)
                .untilAsserted(() -> {
                    if (deployments() != deploymentsAtRest || metric("z4j_ws_connections") != 0) {
                        throw new AssertionError(deployments() - deploymentsAtRest + " verticles and "
                                + metric("z4j_ws_connections") + " connections remain");
                    }
                });
    }
}

package dev.ganglion.testing;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.Brain;
import dev.ganglion.BrainInside;
import dev.ganglion.config.GanglionConfig;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Clock;
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
 * One real brain in this process on a free port, with a real Redis of its own, for the tests of a class:
 * {@code @RegisterExtension static final BrainExtension brain = new BrainExtension().with("agent.idle-timeout", "2s");}
 */
public final class BrainExtension implements BeforeAllCallback, AfterAllCallback {
    /** What all other secrets derive from. */
    public static final String MASTER_SECRET = "a master secret of the tests, long enough";

    /** The key that may do all. */
    public static final String ADMIN_KEY = "z4k_the_admin_key_of_the_tests";
    /** The Authorization header that may do all. */
    public static final String ADMIN = "Bearer " + ADMIN_KEY;

    private static final int START_SECONDS = 60;
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final RedisExtension redis = new RedisExtension();
    private final Map<String, String> settings = new LinkedHashMap<>();
    private @Nullable Brain brain;
    private int deploymentsAtRest;

    /** A brain with the defaults. */
    public BrainExtension() {
        settings.put("http.port", "0");
        settings.put("http.event-loops", "2");
        settings.put("master-secret", MASTER_SECRET);
        settings.put("admin-key", ADMIN_KEY);
        settings.put("drain.window", "0s");
    }

    /** With another value for a key of the configuration; from the next start on. */
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

    /** Starts a brain on the Redis that is there. */
    public void start() {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put("redis.uri", redis.connectionString().value());
        brain = await(Brain.start(GanglionConfig.with(all), Clock.systemUTC()));
        deploymentsAtRest = deployments();
    }

    /** Stops the brain in order; Redis stays. */
    public void stop() {
        if (brain != null) {
            Brain stopped = brain;
            brain = null;
            Void unused = await(stopped.stop());
        }
    }

    private static <T> T await(io.vertx.core.Future<T> future) {
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
        return Objects.requireNonNull(brain, "the brain does not run");
    }

    /** The port for agents and REST. */
    public int port() {
        return running().port();
    }

    /** Its Redis, to freeze and kill. */
    public RedisExtension redis() {
        return redis;
    }

    /** REST with the admin key. */
    public Rest rest() {
        return rest(ADMIN);
    }

    /** REST with any Authorization header; none when it is empty. */
    public Rest rest(String authorization) {
        return Rest.at(port(), authorization);
    }

    /** A name that no other has. */
    public String newName(String prefix) {
        return prefix + "-" + NAMES.incrementAndGet();
    }

    /** A new project; gives its slug. */
    public String project() {
        return project(new JsonObject());
    }

    /** A new project with more fields in the request; gives its slug. */
    public String project(JsonObject more) {
        String slug = newName("project");
        JsonObject body = new JsonObject().put("slug", slug).put("name", "Project " + slug);
        return rest().post("/projects", body.mergeIn(more)).expect(201).getString("slug");
    }

    /** A new agent in a project of its own. */
    public Enrolled agent() {
        return agent(project(), new JsonObject());
    }

    /** A new agent in a project, with more fields in the request. */
    public Enrolled agent(String slug, JsonObject more) {
        JsonObject body = new JsonObject().put("name", newName("agent"));
        JsonObject minted =
                rest().post("/projects/" + slug + "/agents", body.mergeIn(more)).expect(201);
        return Enrolled.of(this, slug, minted);
    }

    /** The sum of a metric over the series that have these labels, given as name, value, name, value… */
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

    /** All metrics as text. */
    public String metrics() {
        Rest.Response answer = rest().call("GET", "/metrics", null);
        if (answer.status() != 200) {
            throw new AssertionError("no metrics: " + answer);
        }
        return answer.text();
    }

    /** The brain that runs. */
    public Brain brain() {
        return running();
    }

    /** How many verticles are deployed. */
    public int deployments() {
        return BrainInside.vertx(running()).deploymentIDs().size();
    }

    /** Waits until no connection is left: no verticle of one, none counted. */
    public void awaitRest() {
        Awaitility.await("all connections to be gone")
                .pollInSameThread()
                .pollDelay(java.time.Duration.ZERO)
                .pollInterval(java.time.Duration.ofMillis(10))
                .atMost(WireSocket.PATIENCE)
                .untilAsserted(() -> {
                    if (deployments() != deploymentsAtRest || metric("z4j_ws_connections") != 0) {
                        throw new AssertionError(deployments() - deploymentsAtRest + " verticles and "
                                + metric("z4j_ws_connections") + " connections are left");
                    }
                });
    }
}

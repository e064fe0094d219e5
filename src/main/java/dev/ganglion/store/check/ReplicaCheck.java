package dev.ganglion.store.check;

import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.store.redis.StoreTuning;
import dev.ganglion.telemetry.StoreCondition;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the replicas of every master once per second, so that a node without load also notices when writes would lack
 * replicas ({@code redis.min-replicas}). A replica counts while it confirms what it has received: replicas do so once
 * per second.
 */
public final class ReplicaCheck {
    private static final String SOURCE = "replicas";
    private static final long INTERVAL_MS = 1_000;
    /** Longest time since a replica last confirmed, in seconds. */
    private static final int MAX_LAG = 4;

    private static final Pattern REPLICA = Pattern.compile("(?m)^slave\\d+:.*state=online.*lag=(\\d{1,9})");
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaCheck.class);

    private final Vertx vertx;
    private final SharedLine line;
    private final int wanted;
    private final StoreCondition condition;
    private long timer = -1;
    private boolean asking;
    private boolean refused;

    /**
     * Creates a check that is not running.
     *
     * @param wanted number of replicas that every master must have; 0 checks nothing
     */
    public ReplicaCheck(Vertx vertx, SharedLine line, int wanted, StoreCondition condition) {
        this.vertx = vertx;
        this.line = line;
        this.wanted = wanted;
        this.condition = condition;
    }

    /** Begins to check. */
    public void start() {
        if (wanted > 0) {
            check();
            timer = vertx.setPeriodic(INTERVAL_MS, tick -> check());
        }
    }

    /** Ends the checks. */
    public void stop() {
        vertx.cancelTimer(timer);
    }

    private void check() {
        if (asking) {
            return;
        }
        asking = true;
        line.each(() -> Request.cmd(Command.INFO).arg("replication"))
                .map(replies -> replies.stream()
                        .mapToInt(reply -> count(reply.toString()))
                        .min()
                        .orElse(0))
                .onSuccess(this::found)
                .onFailure(this::unanswered)
                .onComplete(done -> asking = false);
    }

    private void found(int replicas) {
        if (replicas < wanted) {
            condition.unavailable(SOURCE, StoreTuning.tooFewReplicas(replicas, wanted));
        } else {
            condition.available(SOURCE);
        }
    }

    /** While Redis is unavailable, the connections report why. A user without the right to ask is told once. */
    private void unanswered(Throwable failure) {
        if (!refused && String.valueOf(failure.getMessage()).contains("NOPERM")) {
            refused = true;
            LOG.warn("Redis does not let the brain count its replicas; allow the command INFO");
        }
    }

    /** Counts the replicas that an answer to {@code INFO replication} lists as up to date. */
    static int count(String info) {
        Matcher replica = REPLICA.matcher(info);
        int count = 0;
        while (replica.find()) {
            if (Integer.parseInt(replica.group(1)) <= MAX_LAG) {
                count++;
            }
        }
        return count;
    }
}

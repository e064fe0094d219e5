package dev.ganglion.store.guard;

import dev.ganglion.cluster.NodeRecord;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Script;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The version of the key layout in Redis. A node refuses data of a layout that it does not know. It raises an older
 * layout to its own before its first write in the new form, so that nodes of an older version refuse to start on the
 * data from then on.
 *
 * <p>Nodes of an older version that still run would misread the new form. Therefore a node never raises the layout
 * while one of them has a record in Redis.
 */
public final class KeyLayout {
    /** The layout that this version writes. Version 0.1 wrote 1, and reads 0 to 2. */
    static final int OWN = 3;

    /** First version of the brain that reads {@link #OWN}. */
    private static final int[] READS_OWN = {0, 2};

    private static final Set<String> READABLE = Set.of("1", "2", String.valueOf(OWN));
    private static final String NONE = "";
    private static final Pattern VERSION = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})([.-].*)?");
    private static final Logger LOG = LoggerFactory.getLogger(KeyLayout.class);

    private final Vertx vertx;
    private final SharedLine line;
    private final Supplier<Future<List<NodeRecord>>> liveNodes;
    private final Duration patience;
    private final Ticker ticker;

    /**
     * Creates the check of one node.
     *
     * @param liveNodes reads the records of the live nodes from Redis
     * @param patience longest time to wait for nodes of an older version: longer than the record of a killed node
     *     remains
     */
    public KeyLayout(
            Vertx vertx,
            SharedLine line,
            Supplier<Future<List<NodeRecord>>> liveNodes,
            Duration patience,
            Ticker ticker) {
        this.vertx = vertx;
        this.line = line;
        this.liveNodes = liveNodes;
        this.patience = patience;
        this.ticker = ticker;
    }

    /** Fails with {@code store_misconfigured} if Redis holds data of a layout that this brain cannot read. */
    public Future<Void> check() {
        return found().compose(KeyLayout::checked).mapEmpty();
    }

    /**
     * Raises the layout to {@link #OWN} if it is older. Waits some seconds for nodes of an older version, and fails with
     * {@code store_misconfigured} if they continue to run.
     */
    public Future<Void> raise() {
        return raise(ticker.nanos() + patience.toNanos(), true);
    }

    private Future<Void> raise(long deadline, boolean first) {
        return found().compose(KeyLayout::checked).compose(found -> {
            if (found.equals(String.valueOf(OWN))) {
                return Future.succeededFuture();
            }
            return liveNodes.get().compose(live -> {
                List<NodeRecord> older =
                        live.stream().filter(KeyLayout::isOlder).toList();
                if (older.isEmpty()) {
                    return write(found);
                }
                if (ticker.nanos() >= deadline) {
                    return Future.failedFuture(refusal(found, older));
                }
                if (first) {
                    LOG.info("Waiting for nodes of an older version to stop: {}", names(older));
                }
                return vertx.timer(1, TimeUnit.SECONDS).compose(tick -> raise(deadline, false));
            });
        });
    }

    /** Returns the layout of the data; empty if Redis holds none. */
    private Future<String> found() {
        return line.send(Request.cmd(Command.GET).arg(RedisKeys.SCHEMA))
                .map(version -> version == null ? NONE : version.toString());
    }

    private static Future<String> checked(String found) {
        if (found.equals(NONE) || READABLE.contains(found)) {
            return Future.succeededFuture(found);
        }
        return Future.failedFuture(new GanglionException(
                ErrorCode.STORE_MISCONFIGURED,
                "Redis holds data of key layout " + found + " (key " + RedisKeys.SCHEMA
                        + "), but this brain supports layouts 1 to " + OWN
                        + "; use the brain version that wrote the data"));
    }

    private Future<Void> write(String found) {
        return line.sendDurably(Arguments.of(Script.RAISE_LAYOUT, 1)
                        .add(RedisKeys.SCHEMA)
                        .add(found)
                        .add(OWN)
                        .request())
                .compose(now -> checked(now.toString()))
                .map(now -> {
                    if (!found.equals(NONE)) {
                        LOG.atInfo()
                                .addKeyValue("from", found)
                                .addKeyValue("to", now)
                                .log("Raised the key layout of the data; older versions of the brain no longer start on"
                                        + " it");
                    }
                    return null;
                });
    }

    /** Whether a node cannot read {@link #OWN}. A node whose version is not readable counts as older. */
    private static boolean isOlder(NodeRecord node) {
        Matcher version = VERSION.matcher(node.version());
        if (!version.matches()) {
            return true;
        }
        int major = Integer.parseInt(version.group(1));
        return major < READS_OWN[0] || (major == READS_OWN[0] && Integer.parseInt(version.group(2)) < READS_OWN[1]);
    }

    private static GanglionException refusal(String found, List<NodeRecord> older) {
        return new GanglionException(
                ErrorCode.STORE_MISCONFIGURED,
                "Redis holds data of key layout " + (found.equals(NONE) ? "0" : found) + " (key " + RedisKeys.SCHEMA
                        + "), and nodes of an older version still use it: " + names(older)
                        + ". They cannot read layout " + OWN
                        + ", which this version writes. Stop all of them, and start this node again");
    }

    private static String names(List<NodeRecord> nodes) {
        return nodes.stream()
                .map(node -> node.id() + " at " + node.address() + " (version "
                        + (node.version().isEmpty() ? "unknown" : node.version()) + ")")
                .sorted()
                .collect(Collectors.joining(", "));
    }
}

package dev.ganglion.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks to other nodes, over one clustered address per node. Nothing that is said here is the only trace of anything:
 * what is lost is found again in the store. Thread-safe.
 */
public final class NodeBus {
    /** How long a node has to answer, in milliseconds. */
    public static final long TIMEOUT_MS = 3_000;
    /** Messages to one node that may be unanswered; beyond, they are dropped: nothing else bounds what waits for a silent node. */
    static final int MAX_UNANSWERED = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(NodeBus.class);
    private static final int NOT_UNDERSTOOD = 1;

    private final Vertx vertx;
    private final String self;
    private final Supplier<Set<String>> others;
    private final Consumer<NodeMessage> inbox;
    private final ChangeFeed changes;
    private final Map<String, AtomicInteger> unanswered = new ConcurrentHashMap<>();

    /**
     * A bus that does not listen yet.
     *
     * @param self this node
     * @param others the nodes beside this one that are there now
     * @param inbox takes what is said to this node, on any thread
     */
    public NodeBus(Vertx vertx, String self, Supplier<Set<String>> others, Consumer<NodeMessage> inbox) {
        this.vertx = vertx;
        this.self = self;
        this.others = others;
        this.inbox = inbox;
        this.changes = new ChangeFeed(vertx, all -> tellAll(new NodeMessage.Changed(all)));
    }

    /** Begins to listen; completes when all nodes can know. */
    public Future<Void> start() {
        return vertx.eventBus()
                .<JsonObject>consumer(Addresses.node(self), this::receive)
                .completion();
    }

    /** Tells one node, which may be this one; lost when that node is gone. */
    public void tell(String node, NodeMessage message) {
        ask(node, message)
                .onFailure(failure -> LOG.atDebug()
                        .addKeyValue("nodeId", node)
                        .setCause(failure)
                        .log("a node did not take a message"));
    }

    /** Tells those who look at a project on any node, within {@link ChangeFeed#INTERVAL_MS}, that it changed. */
    public void changed(String projectId, Change.Topic topic) {
        changes.changed(new Change(projectId, topic));
    }

    /** Tells this node. */
    public void tellSelf(NodeMessage message) {
        inbox.accept(message);
    }

    /** Tells every node, this one too. */
    public void tellAll(NodeMessage message) {
        inbox.accept(message);
        others.get().forEach(node -> tell(node, message));
    }

    /** Tells one node; fails when it did not take the message within {@link #TIMEOUT_MS}, be it that it did and the answer was lost. */
    public Future<Void> ask(String node, NodeMessage message) {
        if (node.equals(self)) {
            inbox.accept(message);
            return Future.succeededFuture();
        }
        AtomicInteger waiting = unanswered.computeIfAbsent(node, id -> new AtomicInteger());
        if (waiting.incrementAndGet() > MAX_UNANSWERED) {
            waiting.decrementAndGet();
            return Future.failedFuture(
                    new IllegalStateException("the node has " + MAX_UNANSWERED + " messages to answer"));
        }
        return vertx.eventBus()
                .<JsonObject>request(
                        Addresses.node(node),
                        NodeCodec.encode(message),
                        new DeliveryOptions().setSendTimeout(TIMEOUT_MS))
                .onComplete(done -> {
                    if (waiting.decrementAndGet() == 0) {
                        unanswered.remove(node, waiting);
                    }
                })
                .mapEmpty();
    }

    private void receive(Message<JsonObject> message) {
        Optional<NodeMessage> understood;
        try {
            understood = NodeCodec.decode(message.body());
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("a node's message makes no sense");
            LOG.atDebug().setCause(e).log("where it made none");
            understood = Optional.empty();
        }
        understood.ifPresentOrElse(
                known -> {
                    inbox.accept(known);
                    message.reply(new JsonObject());
                },
                () -> message.fail(NOT_UNDERSTOOD, "this node does not know that message"));
    }
}

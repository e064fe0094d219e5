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
 * Sends messages to other nodes over one clustered address per node. Thread-safe.
 *
 * <p>Messages may be lost. Every message only announces a state that is also in the store, so receivers recover lost
 * messages from there.
 */
public final class NodeBus {
    /** Time within which a node must reply, in milliseconds. */
    public static final long TIMEOUT_MS = 3_000;
    /**
     * Maximum number of unanswered messages to one node. Further messages are dropped, because no other limit bounds
     * the messages that wait for a silent node.
     */
    static final int MAX_UNANSWERED = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(NodeBus.class);
    private static final int NOT_DECODED = 1;

    private final Vertx vertx;
    private final String self;
    private final Supplier<Set<String>> others;
    private final Consumer<NodeMessage> inbox;
    private final ChangeNotifier changes;
    private final Map<String, AtomicInteger> unanswered = new ConcurrentHashMap<>();

    /**
     * Creates a bus that does not listen yet.
     *
     * @param self id of this node
     * @param others supplies the ids of the other nodes that are currently in the cluster
     * @param inbox receives the messages to this node, on any thread
     */
    public NodeBus(Vertx vertx, String self, Supplier<Set<String>> others, Consumer<NodeMessage> inbox) {
        this.vertx = vertx;
        this.self = self;
        this.others = others;
        this.inbox = inbox;
        this.changes = new ChangeNotifier(vertx, all -> broadcast(new NodeMessage.Changed(all)));
    }

    /** Id of this node. */
    public String self() {
        return self;
    }

    /** Starts to listen. The future completes when every node can see the address. */
    public Future<Void> start() {
        return vertx.eventBus()
                .<JsonObject>consumer(Addresses.node(self), this::receive)
                .completion();
    }

    /** Sends a message to one node, which may be this one. The message is lost if that node is gone. */
    public void send(String node, NodeMessage message) {
        request(node, message)
                .onFailure(failure -> LOG.atDebug()
                        .addKeyValue("nodeId", node)
                        .setCause(failure)
                        .log("The node did not acknowledge a message"));
    }

    /** Notifies the viewers of a project on all nodes of a change, within {@link ChangeNotifier#INTERVAL_MS}. */
    public void changed(String projectId, ChangeNotice.Topic topic) {
        changes.changed(new ChangeNotice(projectId, topic));
    }

    /** Delivers a message to this node. */
    public void deliverLocally(NodeMessage message) {
        inbox.accept(message);
    }

    /** Sends a message to every node, including this one. */
    public void broadcast(NodeMessage message) {
        inbox.accept(message);
        others.get().forEach(node -> send(node, message));
    }

    /**
     * Sends a message to one node and waits for the reply. The future fails if no reply arrives within {@link
     * #TIMEOUT_MS}. The node may have processed the message even then, because a reply can be lost.
     */
    public Future<Void> request(String node, NodeMessage message) {
        if (node.equals(self)) {
            inbox.accept(message);
            return Future.succeededFuture();
        }
        AtomicInteger waiting = unanswered.computeIfAbsent(node, id -> new AtomicInteger());
        if (waiting.incrementAndGet() > MAX_UNANSWERED) {
            waiting.decrementAndGet();
            return Future.failedFuture(
                    new IllegalStateException("the node has not answered the last " + MAX_UNANSWERED + " messages"));
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
        Optional<NodeMessage> decoded;
        try {
            decoded = NodeCodec.decode(message.body());
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("Rejected an invalid message from another node");
            LOG.atDebug().setCause(e).log("Stack trace of the invalid message");
            decoded = Optional.empty();
        }
        decoded.ifPresentOrElse(
                known -> {
                    inbox.accept(known);
                    message.reply(new JsonObject());
                },
                () -> message.fail(NOT_DECODED, "this node does not know the message, or the message is invalid"));
    }
}

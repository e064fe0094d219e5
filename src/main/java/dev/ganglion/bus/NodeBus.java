package dev.ganglion.bus;

import dev.ganglion.bus.link.NodeLinks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages to other nodes over {@link NodeLinks}, which authenticates both sides. Thread-safe.
 *
 * <p>Messages may be lost. Every message only announces a state that is also in the store, so receivers recover lost
 * messages from there.
 */
public final class NodeBus {
    private static final Logger LOG = LoggerFactory.getLogger(NodeBus.class);

    private final String self;
    private final Supplier<Set<String>> others;
    private final Consumer<NodeMessage> inbox;
    private final Optional<NodeLinks> links;
    private final ChangeNotifier changes;

    /** Creates a bus for a node that runs alone. */
    public NodeBus(Vertx vertx, String self, Supplier<Set<String>> others, Consumer<NodeMessage> inbox) {
        this(vertx, self, others, inbox, Optional.empty());
    }

    /**
     * Creates a bus that does not listen yet.
     *
     * @param self id of this node
     * @param others supplies the ids of the other nodes that are currently in the cluster
     * @param inbox receives the messages to this node, on any thread
     * @param links connections to the other nodes; empty for a node that runs alone
     */
    public NodeBus(
            Vertx vertx,
            String self,
            Supplier<Set<String>> others,
            Consumer<NodeMessage> inbox,
            Optional<NodeLinks> links) {
        this.self = self;
        this.others = others;
        this.inbox = inbox;
        this.links = links;
        this.changes = new ChangeNotifier(vertx, all -> broadcast(new NodeMessage.Changed(all)));
    }

    /** Id of this node. */
    public String self() {
        return self;
    }

    /** Starts to receive messages. */
    public Future<Void> start() {
        return links.map(all -> all.receive(this::receive)).orElseGet(Future::succeededFuture);
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
        sendToOthers(message);
    }

    /** Sends a message to every node except this one. */
    public void sendToOthers(NodeMessage message) {
        others.get().forEach(node -> send(node, message));
    }

    /**
     * Sends a message to one node and waits for the reply. The future fails if no reply arrives within three seconds.
     * The node may have processed the message even then, because a reply can be lost.
     */
    public Future<Void> request(String node, NodeMessage message) {
        if (node.equals(self)) {
            inbox.accept(message);
            return Future.succeededFuture();
        }
        return links.map(all -> all.request(node, NodeCodec.encode(message).toBuffer()))
                .orElseGet(() -> Future.failedFuture("this node runs alone"));
    }

    private boolean receive(String peer, Buffer body) {
        Optional<NodeMessage> decoded;
        try {
            decoded = NodeCodec.decode(new JsonObject(body));
        } catch (RuntimeException e) {
            LOG.atDebug().setCause(e).addKeyValue("nodeId", peer).log("Rejected an invalid message of another node");
            return false;
        }
        decoded.ifPresent(inbox);
        return decoded.isPresent();
    }
}

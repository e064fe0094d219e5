package dev.ganglion.api;

import dev.ganglion.api.request.Call;
import dev.ganglion.api.request.Operations;
import dev.ganglion.api.request.Reply;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.bus.NodeMessage;
import dev.ganglion.cluster.Membership;
import dev.ganglion.cluster.NodeRecord;
import dev.ganglion.cluster.SlotDirectory;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.telemetry.StoreFault;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** REST operations for the nodes of the cluster. */
final class ClusterRoutes {
    private static final String THIS = "this";

    private final Membership membership;
    private final SlotDirectory slots;
    private final NodeBus nodes;
    private final ApiServices.Store store;

    ClusterRoutes(ApiServices.Cluster services) {
        this.membership = services.membership();
        this.slots = services.slots();
        this.nodes = services.nodes();
        this.store = services.store();
    }

    void addTo(Operations operations) {
        operations.addFromMemory("getCluster", this::cluster);
        operations.add("drainNode", this::drain);
    }

    private Future<Reply> cluster(Call call) {
        return slots.agents()
                .compose(agents -> membership.refresh().map(nodes -> {
                    JsonArray all = new JsonArray();
                    int connections = 0;
                    for (NodeRecord node : nodes) {
                        all.add(view(node));
                        connections += node.load().connections();
                    }
                    return Reply.ok(new JsonObject()
                            .put("nodes", all)
                            .put("agents_online", agents)
                            .put("connections", connections)
                            .put("store", storeView()));
                }));
    }

    private JsonObject storeView() {
        Optional<StoreFault> fault = store.condition().fault();
        return new JsonObject()
                .put("id", store.id().get().orElse(null))
                .put("durability", store.durability().fsync())
                .put("available", fault.isEmpty())
                .put("reason", fault.map(found -> found.reason().label()).orElse(null))
                .put("detail", fault.map(StoreFault::sentence).orElse(null));
    }

    /**
     * Starts the shutdown of a node. The node acknowledges before it shuts down, so that the caller receives a
     * response.
     */
    private Future<Reply> drain(Call call) {
        String id = call.path("id").equals(THIS) ? membership.self() : call.path("id");
        NodeRecord node = membership.nodes().stream()
                .filter(known -> known.id().equals(id))
                .findAny()
                .orElseThrow(() -> new GanglionException(
                        ErrorCode.NOT_FOUND, "no node has this id; GET /cluster lists the nodes", "id"));
        return nodes.request(id, new NodeMessage.Leave())
                .recover(silent -> Future.failedFuture(new GanglionException(
                        ErrorCode.NODE_SILENT, "the node does not respond; send SIGTERM to its process instead", "id")))
                .map(acknowledged ->
                        Reply.accepted(view(node).put("draining", true).toBuffer()));
    }

    private JsonObject view(NodeRecord node) {
        return new JsonObject()
                .put("id", node.id())
                .put("address", node.address())
                .put("version", node.version())
                .put("started_at", node.startedAt().toString())
                .put("connections", node.load().connections())
                .put("slots", node.load().slots())
                .put("draining", node.draining())
                .put("this", node.id().equals(membership.self()));
    }
}

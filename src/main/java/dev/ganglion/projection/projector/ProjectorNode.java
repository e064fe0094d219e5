package dev.ganglion.projection.projector;

import dev.ganglion.bus.LocalBus;
import dev.ganglion.bus.NodeBus;
import java.util.function.BooleanSupplier;

/**
 * The node that projectors run on. The suppliers are callable from any thread.
 *
 * @param bus carries notices within the node
 * @param nodes carries messages between the nodes
 * @param crowded whether frames wait for the store
 * @param draining whether the node is shutting down
 */
public record ProjectorNode(LocalBus bus, NodeBus nodes, BooleanSupplier crowded, BooleanSupplier draining) {}

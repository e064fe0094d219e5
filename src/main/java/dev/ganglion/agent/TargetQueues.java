package dev.ganglion.agent;

import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.json.Json;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Queues commands by target: the first command of a target runs, the others wait. Confined to one context. */
final class TargetQueues {
    private final Map<Json, Deque<Command>> queues = new HashMap<>();

    /** Adds a command; returns true if the command may run at once. */
    boolean add(Command command) {
        Deque<Command> queue = queues.computeIfAbsent(command.target(), target -> new ArrayDeque<>());
        queue.add(command);
        return queue.size() == 1;
    }

    /**
     * Removes a command. Returns the command that may run now, or null if the removed command was not the first or no
     * other command waits.
     */
    @Nullable
    Command remove(Command command) {
        Deque<Command> queue = queues.get(command.target());
        if (queue == null) {
            return null;
        }
        Command head = queue.peek();
        boolean first = head != null && head.id().equals(command.id());
        queue.removeIf(other -> other.id().equals(command.id()));
        if (queue.isEmpty()) {
            queues.remove(command.target());
        }
        return first ? queue.peek() : null;
    }
}

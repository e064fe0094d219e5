package dev.ganglion.agent;

import dev.ganglion.protocol.Command;
import dev.ganglion.protocol.Json;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whose turn it is: of the commands for one target the first runs and the others wait. Confined to a context. */
final class TargetQueues {
    private final Map<Json, Deque<Command>> queues = new HashMap<>();

    /** Whether it may run at once. */
    boolean add(Command command) {
        Deque<Command> queue = queues.computeIfAbsent(command.target(), target -> new ArrayDeque<>());
        queue.add(command);
        return queue.size() == 1;
    }

    /** Takes a command out; the one whose turn it is now, if it was the first and another waits. */
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

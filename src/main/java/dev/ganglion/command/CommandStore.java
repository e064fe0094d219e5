package dev.ganglion.command;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stores commands. Agents' acknowledgements and results do not use this port: they pass through the agent's lane with
 * its other frames.
 */
public interface CommandStore {

    /** Where an agent's commands are stored: the project, its number of shards, and the agent's shard. */
    record Place(String projectId, int shards, int shard) {}

    /** A page of a list; the cursor is null on the last page. */
    record Page(List<CommandTicket> items, @Nullable String nextCursor) {}

    /** Filters of a list; a null filter, or an empty set of statuses, matches every command. */
    record Query(
            Set<String> statuses,
            @Nullable String agentId,
            @Nullable String cursor,
            int limit) {}

    /** The command and the hash of the body that an idempotency key belongs to. */
    record Reserved(String commandId, String bodyHash) {}

    /** The number of tasks in a queue, from the agent's most recent heartbeat. Empty if no heartbeat reported it. */
    Future<OptionalLong> queueDepth(Place place, String agentId, String engine, String queue);

    /** The reservation of an idempotency key; empty if the key is unused. */
    Future<Optional<Reserved>> reserved(String projectId, String key);

    /** Reserves an idempotency key for a command. Returns the earlier reservation, or empty if this one succeeded. */
    Future<Optional<Reserved>> reserve(String projectId, String key, Reserved wanted);

    /** Stores a new command; empty if the agent does not exist. */
    Future<Optional<CommandTicket>> issue(Place place, String id, CommandTicket.Order order);

    /** Whether a command of the brain itself was stored. */
    enum OwnIssue {
        /** It is stored, by this call or an earlier one. */
        STORED,
        /** The agent has as many of them as it may have. */
        BUSY,
        /** The agent does not exist. */
        GONE
    }

    /**
     * Bounds on the commands that the brain itself issues to an agent.
     *
     * @param open most of them that wait for a result
     * @param perMinute most of them that are issued within a minute
     * @param kept most of them that are kept, including open ones; the oldest ones are deleted early
     */
    record OwnLimits(int open, int perMinute, int kept) {}

    /** Stores a new command of the brain itself, behind all commands of operators. */
    Future<OwnIssue> issueOwn(Place place, String id, CommandTicket.Order order, OwnLimits limits);

    /** Finds one command in any shard of the project. */
    Future<Optional<CommandTicket>> find(String projectId, int shards, String id);

    /**
     * Lists commands, newest first. A page of a filtered list may have fewer commands than the limit and still have a
     * cursor.
     */
    Future<Page> list(String projectId, int shards, Query query);

    /**
     * A command that timed out.
     *
     * @param commandId id of the command
     * @param projectId id of its project
     * @param projectSlug slug of its project
     * @param shard the agent's shard
     * @param agentId id of the agent that it was for
     * @param action the action that it asked for
     */
    record TimedOutCommand(
            String commandId, String projectId, String projectSlug, int shard, String agentId, String action) {}

    /**
     * Times out the expired commands of all projects. Only one node of the cluster does this at a time. Returns each
     * command that this call timed out, once.
     */
    Future<List<TimedOutCommand>> timeOutExpired();
}

package dev.ganglion.command;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Where commands are kept. Agents' answers reach it by the agent's lane, with everything else that an agent sends. */
public interface CommandStore {

    /** The project's part that an agent's commands stand in. */
    record Place(String projectId, int shards, int shard) {}

    /** A page of a list; the cursor is null at the end. */
    record Page(List<CommandTicket> items, @Nullable String nextCursor) {}

    /** What is asked for; an absent part matches all. */
    record Query(
            @Nullable String status,
            @Nullable String agentId,
            @Nullable String cursor,
            int limit) {}

    /** What an idempotency key stands for already. */
    record Reserved(String commandId, String bodyHash) {}

    /** How many tasks wait in a queue of an agent's engine, as its worker that was heard last said; empty if none did. */
    Future<OptionalLong> queueDepth(Place place, String agentId, String engine, String queue);

    /** What an idempotency key stands for, if it does. */
    Future<Optional<Reserved>> reserved(String projectId, String key);

    /** Reserves an idempotency key for a command; what it stood for before, if it did. */
    Future<Optional<Reserved>> reserve(String projectId, String key, Reserved wanted);

    /** Keeps a new command; empty when there is no such agent. */
    Future<Optional<CommandTicket>> issue(Place place, String id, CommandTicket.Order order);

    /** One command, whichever shard it stands in. */
    Future<Optional<CommandTicket>> find(String projectId, int shards, String id);

    /** Commands, newest first. A page of a filtered read may be short and still have a cursor. */
    Future<Page> list(String projectId, int shards, Query query);

    /**
     * A command whose time is over.
     *
     * @param commandId the command
     * @param projectId whose it is
     * @param projectSlug the same, as people call it
     * @param shard the agent's shard
     * @param agentId whom it was for
     * @param action what it was to do
     */
    record Expired(String commandId, String projectId, String projectSlug, int shard, String agentId, String action) {}

    /** Times out what is over in all projects, on one node of the cluster at a time; what that ended, each once. */
    Future<List<Expired>> expire();
}

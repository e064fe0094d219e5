package dev.ganglion.store.projection;

import dev.ganglion.projection.engine.EngineWorker;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.protocol.event.EngineWorkerName;
import dev.ganglion.store.agent.ReportedNames;
import dev.ganglion.store.redis.HashFields;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Replies;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.store.redis.Slot;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the processes of derived engine workers are connected. The slots of an agent tell which processes
 * are; the names that their events reported tell which workers they run.
 */
final class WorkerPresence {
    private static final int AGENTS_AT_ONCE = 100;
    private static final int REPLIES_PER_AGENT = 3;

    private final SharedLine line;
    private final BiPredicate<Slot, Instant> isConnected;

    /**
     * Creates a reader.
     *
     * @param isConnected whether a slot counts as connected at a time by the clock of Redis
     */
    WorkerPresence(SharedLine line, BiPredicate<Slot, Instant> isConnected) {
        this.line = line;
        this.isConnected = isConnected;
    }

    /** Applies to the derived ones of these workers whether their processes are connected. */
    Future<Void> apply(String projectId, int shards, Map<String, EngineWorker> workers) {
        Map<String, List<Derived>> byAgent = new LinkedHashMap<>();
        workers.forEach((key, worker) -> {
            String agent = worker.agent();
            if (worker.isDerived() && agent != null) {
                byAgent.computeIfAbsent(agent, id -> new ArrayList<>()).add(new Derived(SubjectKey.of(key), worker));
            }
        });
        return apply(projectId, shards, new ArrayList<>(byAgent.keySet()), byAgent);
    }

    /** A derived worker. */
    private record Derived(SubjectKey subject, EngineWorker worker) {}

    private Future<Void> apply(String projectId, int shards, List<String> agents, Map<String, List<Derived>> byAgent) {
        if (agents.isEmpty()) {
            return Future.succeededFuture();
        }
        List<String> some = agents.subList(0, Math.min(AGENTS_AT_ONCE, agents.size()));
        List<Request> requests = new ArrayList<>();
        requests.add(Request.cmd(Command.TIME));
        for (String agent : some) {
            RedisKeys.Shard shard = RedisKeys.Shard.of(projectId, Math.floorMod(agent.hashCode(), shards));
            requests.add(Request.cmd(Command.HGETALL).arg(shard.slots(agent)));
            requests.add(Request.cmd(Command.HGETALL).arg(shard.reportedWorkers(agent)));
            requests.add(Request.cmd(Command.HVALS).arg(shard.polls(agent)));
        }
        return line.batch(requests).compose(replies -> {
            Instant now = Instant.ofEpochSecond(replies.get(0).get(0).toLong());
            for (int i = 0; i < some.size(); i++) {
                int first = 1 + REPLIES_PER_AGENT * i;
                Processes processes = new Processes(
                        HashFields.of(replies.get(first)),
                        HashFields.of(replies.get(first + 1)),
                        Replies.texts(replies.get(first + 2)));
                byAgent.getOrDefault(some.get(i), List.of()).forEach(derived -> apply(derived, processes, now));
            }
            return apply(projectId, shards, agents.subList(some.size(), agents.size()), byAgent);
        });
    }

    /**
     * The sessions of an agent.
     *
     * @param slots slots by {@code worker_id}
     * @param reported engine workers that its processes reported, by {@code worker_id}
     * @param polls long-poll sessions
     */
    private record Processes(HashFields slots, HashFields reported, List<String> polls) {
        @Nullable
        Slot slot(String process) {
            String text = slots.text(process);
            return text == null ? null : Slot.parse(text);
        }

        /** The processes that reported a worker. */
        List<String> of(SubjectKey subject) {
            EngineWorkerName name = new EngineWorkerName(subject.engine(), subject.name());
            List<String> processes = new ArrayList<>();
            reported.fields().forEach((process, text) -> {
                if (ReportedNames.decode(text).contains(name)) {
                    processes.add(process);
                }
            });
            return processes;
        }
    }

    private void apply(Derived derived, Processes processes, Instant now) {
        String itself = derived.worker().process();
        List<String> known = itself == null ? processes.of(derived.subject()) : List.of(itself);
        long seen = 0;
        for (String process : known) {
            Slot slot = processes.slot(process);
            if (slot != null && isConnected.test(slot, now)) {
                seen = Math.max(seen, slot.seenAt().toEpochMilli());
            }
        }
        if (!known.isEmpty() || !anyConnected(processes, now)) {
            derived.worker().connected(seen > 0, seen);
        }
    }

    private boolean anyConnected(Processes processes, Instant now) {
        return processes.slots().fields().values().stream().anyMatch(slot -> isConnected.test(Slot.parse(slot), now))
                || processes.polls().stream().anyMatch(poll -> Slot.parse(poll).isOnline(now));
    }
}

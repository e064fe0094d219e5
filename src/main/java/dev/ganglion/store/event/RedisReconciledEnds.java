package dev.ganglion.store.event;

import dev.ganglion.projection.lost.ProcessPresence;
import dev.ganglion.projection.lost.ReconciledEnd;
import dev.ganglion.projection.lost.ReconciledEnds;
import dev.ganglion.projection.lost.TaskQuestions;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Script;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.store.stream.ProcessName;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Appends the answers of agents about lost tasks to the event streams. */
public final class RedisReconciledEnds implements ReconciledEnds {
    private final SharedLine line;

    public RedisReconciledEnds(SharedLine line) {
        this.line = line;
    }

    @Override
    public Future<Void> keep(ProcessPresence.Place place, TaskQuestions.Question question, ReconciledEnd end) {
        String agentId = question.agentId();
        RedisKeys.Shard shard = RedisKeys.Shard.of(place.projectId(), place.shardOf(agentId));
        return line.send(Arguments.of(Script.RECONCILED, 4)
                        .add(shard.agent(agentId))
                        .add(shard.command(question.id()))
                        .add(shard.events())
                        .add(shard.totals())
                        .add(agentId)
                        .add(ProcessName.OF_BRAIN)
                        .add(batch(question, end).utf8())
                        .request())
                .mapEmpty();
    }

    /** A batch of one event, whose id is that of the question. */
    private static Json batch(TaskQuestions.Question question, ReconciledEnd end) {
        JsonObject data = new JsonObject().put(SOURCE, RECONCILE);
        if (end.exception() != null) {
            data.put("exception", end.exception());
        }
        JsonObject event = new JsonObject()
                .put("id", question.id())
                .put("engine", question.task().engine())
                .put("task_id", question.task().name())
                .put("kind", end.success() ? "task.succeeded" : "task.failed")
                .put(
                        "occurred_at",
                        Instant.EPOCH.plus(end.atMicros(), ChronoUnit.MICROS).toString())
                .put("data", data);
        return Json.parse(new JsonArray().add(event).encode());
    }
}

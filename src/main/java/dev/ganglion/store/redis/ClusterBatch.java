package dev.ganglion.store.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.RequestImpl;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Splits a batch of calls among the masters of a Redis Cluster. Each master receives its calls in one write.
 *
 * <p>The master that serves the hash slot of a call's first key receives the call. A call without a key goes to the
 * master of the next call that has a key; this brings {@code MULTI} and {@code TIME} to the right master. {@code EXEC}
 * goes to the master of the call before it. {@code WAIT} goes to every master that had an earlier call, and the
 * smallest count is its answer. {@code PING} and {@code SCRIPT} go to all masters.
 */
final class ClusterBatch {
    private static final int NO_MASTER = -1;
    private static final Set<Command> EVERYWHERE = Set.of(Command.PING, Command.SCRIPT);

    private final List<Request> requests;
    private final List<@Nullable Part> parts;

    /** Names the master at an index in its failures. */
    interface FailureOf {
        Throwable of(int master, Throwable failure);
    }

    /** The calls for one master, with their positions in the whole batch. */
    private static final class Part {
        private final List<Request> requests = new ArrayList<>();
        private final List<Integer> positions = new ArrayList<>();

        private void add(Request request, int position) {
            requests.add(request);
            positions.add(position);
        }
    }

    private ClusterBatch(List<Request> requests, int masters) {
        this.requests = requests;
        this.parts = new ArrayList<>();
        for (int i = 0; i < masters; i++) {
            parts.add(null);
        }
    }

    /** Assigns each call to a master. Fails if no master serves the hash slot of a key. */
    static ClusterBatch of(List<Request> requests, SlotMap slots) {
        ClusterBatch batch = new ClusterBatch(requests, slots.masters().size());
        int[] owners = owners(requests, slots);
        for (int i = 0; i < requests.size(); i++) {
            Request request = requests.get(i);
            if (EVERYWHERE.contains(request.command())) {
                for (int master = 0; master < batch.parts.size(); master++) {
                    batch.part(master).add(request, i);
                }
            } else if (request.command().equals(Command.WAIT)) {
                for (Part part : batch.parts) {
                    if (part != null) {
                        part.add(request, i);
                    }
                }
            } else {
                batch.part(owners[i]).add(request, i);
            }
        }
        return batch;
    }

    private static int[] owners(List<Request> requests, SlotMap slots) {
        int[] owners = new int[requests.size()];
        int next = NO_MASTER;
        for (int i = requests.size() - 1; i >= 0; i--) {
            // The public Request interface does not expose its arguments.
            List<byte[]> keys = ((RequestImpl) requests.get(i)).keys();
            if (!keys.isEmpty()) {
                next = slots.owner(HashSlot.of(keys.get(0)));
                if (next < 0) {
                    throw new IllegalStateException("CLUSTERDOWN no master serves the hash slot of a key of "
                            + requests.get(i).command());
                }
            }
            owners[i] = requests.get(i).command().equals(Command.EXEC) ? NO_MASTER : next;
        }
        int previous = 0;
        for (int i = 0; i < owners.length; i++) { // EXEC, and calls without a later call that has a key
            previous = owners[i] == NO_MASTER ? previous : owners[i];
            owners[i] = previous;
        }
        return owners;
    }

    private Part part(int master) {
        Part part = parts.get(master);
        if (part == null) {
            part = new Part();
            parts.set(master, part);
        }
        return part;
    }

    /** Sends all parts. The future completes after every master answered, and fails if any part failed. */
    Future<List<Response>> send(List<RedisConnection> masters, FailureOf failures) {
        List<Part> sent = new ArrayList<>();
        List<Future<List<Response>>> answers = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (part != null) {
                sent.add(part);
                int master = i;
                answers.add(masters.get(i)
                        .batch(part.requests)
                        .recover(failure -> Future.failedFuture(failures.of(master, failure))));
            }
        }
        return answers.size() == 1 ? answers.get(0) : Future.join(answers).map(all -> joined(sent, answers));
    }

    private List<Response> joined(List<Part> sent, List<Future<List<Response>>> answers) {
        @Nullable Response[] replies = new Response[requests.size()];
        boolean[] known = new boolean[replies.length];
        for (int i = 0; i < sent.size(); i++) {
            List<Response> each = answers.get(i).result();
            for (int j = 0; j < each.size(); j++) {
                int position = sent.get(i).positions.get(j);
                replies[position] =
                        known[position] ? either(requests.get(position), replies[position], each.get(j)) : each.get(j);
                known[position] = true;
            }
        }
        return Arrays.asList(replies);
    }

    private static @Nullable Response either(Request request, @Nullable Response one, @Nullable Response other) {
        boolean fewer = request.command().equals(Command.WAIT)
                && one != null
                && other != null
                && other.toInteger() < one.toInteger();
        return fewer ? other : one;
    }
}

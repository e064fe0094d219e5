package dev.ganglion.store.frame;

import dev.ganglion.lane.Outcome;
import dev.ganglion.lane.PollOutcome;
import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.protocol.json.Json;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the reply of {@code dispatch.lua}: consecutive parts, each ended by an empty value. */
final class DispatchReply {
    private static final int VALUES = 9;

    private final Response reply;
    private final Outcome.Claimed commands;
    private int at;

    private DispatchReply(Response reply) {
        this.reply = reply;
        this.commands = new Outcome.Claimed(deliveries(), part(), part(), polls());
    }

    static DispatchReply read(Response reply) {
        return new DispatchReply(reply);
    }

    Outcome.Claimed commands() {
        return commands;
    }

    /** The answer to the poll that made the call. */
    Outcome pollAnswer() {
        return switch (next()) {
            case "OVER" -> new PollOutcome.PollSessionGone();
            case "PAST" -> new PollOutcome.PollReplaced();
            default -> {
                long firstSeq = Long.parseLong(next());
                HmacEncoding encoding = PollCalls.encoding(next());
                long againMillis = Long.parseLong(next());
                List<EventBatchAck> acks = new ArrayList<>();
                while (at < reply.size()) {
                    acks.add(PollCalls.ack(next()));
                }
                yield new PollOutcome.PollClaimed(commands, acks, firstSeq, encoding, againMillis);
            }
        };
    }

    private String next() {
        return reply.get(at++).toString(StandardCharsets.UTF_8);
    }

    private List<Outcome.Delivery> deliveries() {
        List<Outcome.Delivery> deliveries = new ArrayList<>();
        while (!reply.get(at).toString().isEmpty()) {
            Command command = new Command(
                    reply.get(at + 1).toString(),
                    reply.get(at + 2).toString(),
                    json(reply.get(at + 3)),
                    reply.get(at + 4).toString(),
                    json(reply.get(at + 5)),
                    json(reply.get(at + 6)),
                    Integer.parseInt(reply.get(at + 7).toString()),
                    reply.get(at + 8).toString());
            deliveries.add(new Outcome.Delivery(reply.get(at).toString(), command));
            at += VALUES;
        }
        at++;
        return deliveries;
    }

    /** Reads the values up to the next empty one. */
    private List<String> part() {
        List<String> values = new ArrayList<>();
        for (String value = next(); !value.isEmpty(); value = next()) {
            values.add(value);
        }
        return values;
    }

    private List<PollOutcome.Waiting> polls() {
        List<String> values = part();
        List<PollOutcome.Waiting> polls = new ArrayList<>();
        for (int i = 0; i < values.size(); i += 2) {
            polls.add(PollCalls.waiting(values.get(i), values.get(i + 1)));
        }
        return polls;
    }

    private static Json json(Response value) {
        return Json.ofCanonical(value.toString(StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
    }
}

package dev.ganglion.journal;

import dev.ganglion.bus.JournalNote;
import dev.ganglion.bus.JournalNote.Closed;
import dev.ganglion.bus.JournalNote.CommandRefused;
import dev.ganglion.bus.JournalNote.Connected;
import dev.ganglion.bus.JournalNote.Ending;
import dev.ganglion.bus.JournalNote.NodeLost;
import dev.ganglion.bus.JournalNote.PollEnded;
import dev.ganglion.bus.JournalNote.PollOpened;
import dev.ganglion.bus.JournalNote.Refused;
import dev.ganglion.bus.JournalNote.ResendFlood;
import dev.ganglion.protocol.json.CutText;
import io.vertx.core.json.JsonObject;

/** Encodes a note as a journal entry, and determines the key under which its repeats are merged. */
final class JournalFacts {
    private static final Ending NODE_LOST = new Ending(1006, "node_lost", "the node that held the connection died");

    /** Longest message, in characters. A message may quote what an agent sent. */
    private static final int MAX_MESSAGE = 1_000;

    private JournalFacts() {}

    static String text(JournalNote note) {
        JsonObject facts = new JsonObject()
                .put("kind", kind(note))
                .put("node", note.session().nodeId())
                .put("worker_id", note.session().displayWorker())
                .put("session_id", note.session().displayId())
                .put("transport", note.session().longPoll() ? "long_poll" : "websocket")
                .put("remote_address", note.remoteAddress())
                .put("clock_skew_ms", note.clockSkewMillis());
        if (note.fact() instanceof Connected connected) {
            facts.put("agent_version", connected.agentVersion()).put("protocol_version", connected.protocolVersion());
        } else if (note.fact() instanceof Closed closed) {
            put(facts, closed.ending());
            facts.put("closed_by", closed.byBrain() ? "brain" : "agent")
                    .put("open_seconds", closed.openMillis() / 1000.0)
                    .put("frames", closed.frames());
        } else if (note.fact() instanceof NodeLost) {
            put(facts, NODE_LOST);
        } else if (note.fact() instanceof Refused refused) {
            put(facts, refused.ending());
        } else if (note.fact() instanceof PollEnded ended) {
            put(facts, ended.ending());
            facts.put("closed_by", "brain");
        } else if (note.fact() instanceof ResendFlood) {
            facts.put("reason", "resent_batches")
                    .put("message", "the agent resent batches that were already acknowledged; count is their number");
        } else if (note.fact() instanceof CommandRefused command) {
            facts.put("reason", "command_" + command.effect())
                    .put(
                            "message",
                            "ignored an answer to a command that is unknown, has ended or belongs to another agent")
                    .put("command_id", command.commandId());
        }
        return facts.encode();
    }

    private static void put(JsonObject facts, Ending ending) {
        facts.put("code", ending.code())
                .put("reason", ending.reason())
                .put("message", CutText.cut(ending.message(), MAX_MESSAGE));
    }

    private static String kind(JournalNote note) {
        if (note.fact() instanceof Connected || note.fact() instanceof PollOpened) {
            return "connect";
        } else if (ends(note)) {
            return "close";
        }
        return note.fact() instanceof ResendFlood ? "flood" : "refusal";
    }

    /**
     * Returns the key under which notes are merged: one per worker process and reason. Returns an empty key for
     * connects and closes, because each of them gets an entry of its own.
     */
    static String mergeKey(JournalNote note) {
        boolean alone = note.fact() instanceof Connected || note.fact() instanceof PollOpened || ends(note);
        return alone ? "" : mergeKeyWithoutWorker(note) + "|" + note.session().workerId();
    }

    private static boolean ends(JournalNote note) {
        return note.fact() instanceof Closed || note.fact() instanceof NodeLost || note.fact() instanceof PollEnded;
    }

    /**
     * Returns the merge key of a note without its worker process. The writer uses it for an agent that has exceeded its
     * budget of entries.
     */
    static String mergeKeyWithoutWorker(JournalNote note) {
        if (note.fact() instanceof Closed closed) {
            return "close|" + closed.ending().reason();
        } else if (note.fact() instanceof PollEnded ended) {
            return "close|" + ended.ending().reason();
        } else if (note.fact() instanceof NodeLost) {
            return "close|" + NODE_LOST.reason();
        } else if (note.fact() instanceof Refused refused) {
            return "refusal|" + refused.ending().reason();
        } else if (note.fact() instanceof CommandRefused command) {
            return "command|" + command.effect();
        }
        return kind(note);
    }

    /** How often the event of one note happened. */
    static int occurrences(JournalNote note) {
        return note.fact() instanceof ResendFlood flood ? flood.batches() : 1;
    }
}

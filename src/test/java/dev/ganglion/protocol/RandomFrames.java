package dev.ganglion.protocol;

import dev.ganglion.protocol.event.EventArray;
import dev.ganglion.protocol.frame.AgentStatus;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.frame.CommandAck;
import dev.ganglion.protocol.frame.CommandResult;
import dev.ganglion.protocol.frame.ErrorFrame;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.protocol.frame.FrameType;
import dev.ganglion.protocol.frame.Heartbeat;
import dev.ganglion.protocol.frame.RegistryDelta;
import dev.ganglion.protocol.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Generates frames of every signed type with seeded random content, including unusual texts and values. */
final class RandomFrames {
    private static final String[] PIECES = {
        "a", "task", "\"", "\\", "/", "\n", "\t", "\0", "\u001f", "\u007f", "é", "\u2028", "日本", "\ue000", "\uffff",
        "😀", "🧠", " ", "_", "0"
    };
    private static final String[] NUMBERS = {
        "0", "-1", "1.5", "1e22", "-0.0", "5e-324", "123456789012345678901234567890", "0.1", "1e-7"
    };

    private final Random random;

    RandomFrames(long seed) {
        this.random = new Random(seed);
    }

    Frame next(FrameType type) {
        String id = text(1, 64);
        return switch (type) {
            case EVENT_BATCH -> new EventBatch(id, EventArray.of(events()));
            case EVENT_BATCH_ACK ->
                new EventBatchAck(id, text(1, 64), random.nextInt(5000), random.nextInt(5000), random.nextInt(5000));
            case HEARTBEAT ->
                new Heartbeat(
                        id,
                        maybe(() -> random.nextLong() >>> 12),
                        maybe(() -> text(0, 30)),
                        maybe(() -> random.nextLong() >>> 12),
                        texts());
            case COMMAND -> command(id);
            case COMMAND_ACK -> new CommandAck(id, text(1, 64));
            case COMMAND_RESULT -> result(id);
            case REGISTRY_DELTA -> new RegistryDelta(id, text(0, 40), entries(), list(() -> text(0, 30)), entries(), 0);
            case AGENT_STATUS -> new AgentStatus(id, Json.parse(object(3)));
            case ERROR -> new ErrorFrame(id, text(0, 80), text(0, 300), random.nextBoolean());
            case HELLO, HELLO_ACK -> throw new IllegalArgumentException("not a signed frame");
        };
    }

    private Command command(String id) {
        return new Command(
                id,
                text(1, 80),
                Json.parse(object(2)),
                text(1, 80),
                Json.parse(object(1)),
                Json.parse(object(2)),
                1 + random.nextInt(3600),
                maybe(() -> text(1, 64)));
    }

    private CommandResult result(String id) {
        Json result = Json.parse(value(3));
        if (random.nextBoolean()) {
            return new CommandResult(id, text(1, 64), true, result, null, null);
        }
        return new CommandResult(id, text(1, 64), false, result, text(1, 80), text(0, 200));
    }

    private List<Json> events() {
        return list(() -> Json.parse("{\"id\":\"" + new UUID(random.nextLong(), random.nextLong()) + "\",\"engine\":"
                + Json.string(text(1, 40)).text() + ",\"kind\":\"task.sent\",\"occurred_at\":\"2026-11-22T12:00:0"
                + random.nextInt(10) + "Z\",\"task_id\":"
                + Json.string(text(0, 100)).text() + ",\"data\":" + object(3) + "}"));
    }

    private List<Json> entries() {
        return list(() -> Json.parse("{\"name\":" + Json.string(text(1, 60)).text() + ",\"x\":" + value(2) + "}"));
    }

    private Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String key : list(() -> text(0, 20))) {
            texts.put(key, text(0, 40));
        }
        return texts;
    }

    private String object(int depth) {
        StringBuilder object = new StringBuilder("{");
        for (String key : list(() -> text(0, 12))) {
            object.append(object.length() == 1 ? "" : ",")
                    .append(Json.string(key).text())
                    .append(':')
                    .append(value(depth - 1));
        }
        return object.append('}').toString();
    }

    private String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 3)) {
            case 0 -> NUMBERS[random.nextInt(NUMBERS.length)];
            case 1 -> Json.string(text(0, 40)).text();
            case 2 -> random.nextBoolean() ? "null" : "true";
            case 3 -> "[" + String.join(",", list(() -> value(depth - 1))) + "]";
            default -> object(depth);
        };
    }

    private <T> List<T> list(Supplier<T> of) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            list.add(of.get());
        }
        return list;
    }

    private <T> @Nullable T maybe(Supplier<T> of) {
        return random.nextBoolean() ? of.get() : null;
    }

    /** Returns a text with {@code least} to {@code most} code points. */
    String text(int least, int most) {
        StringBuilder text = new StringBuilder();
        for (int left = least + random.nextInt(most - least + 1); left > 0; left--) {
            String piece = PIECES[random.nextInt(PIECES.length)];
            text.appendCodePoint(piece.codePointAt(0));
        }
        return text.toString();
    }
}

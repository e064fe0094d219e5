package dev.ganglion.protocol.frame;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The types of frame. */
public enum FrameType {
    HELLO("hello"),
    HELLO_ACK("hello_ack"),
    EVENT_BATCH("event_batch"),
    EVENT_BATCH_ACK("event_batch_ack"),
    HEARTBEAT("heartbeat"),
    COMMAND("command"),
    COMMAND_ACK("command_ack"),
    COMMAND_RESULT("command_result"),
    REGISTRY_DELTA("registry_delta"),
    AGENT_STATUS("agent_status"),
    ERROR("error");

    private static final Map<String, FrameType> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(FrameType::wireName, Function.identity()));

    private final String wireName;

    FrameType(String wireName) {
        this.wireName = wireName;
    }

    /** The value of {@code type} on the wire. */
    public String wireName() {
        return wireName;
    }

    /** Returns the type with this name, or null if there is none. */
    public static @Nullable FrameType of(String wireName) {
        return BY_NAME.get(wireName);
    }
}

package dev.ganglion.bus;

import java.util.Map;
import java.util.Set;

/**
 * Reports the engines of an agent that a frame mentions, and their health.
 *
 * @param session the session that received the frame
 * @param adapterHealth health of each adapter, as a heartbeat reports it; empty for other frames
 * @param engines engines that any other frame mentions; only for long-poll sessions, which send no hello
 * @param workerOf engines that name no workers, and whose tasks the process of this session runs
 */
public record EngineHealthNote(
        SessionRef session, Map<String, String> adapterHealth, Set<String> engines, Set<String> workerOf) {}

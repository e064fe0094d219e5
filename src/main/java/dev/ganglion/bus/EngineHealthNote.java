package dev.ganglion.bus;

import java.util.Map;
import java.util.Set;

/**
 * Reports what a frame revealed about the engines of its agent.
 *
 * @param session the session that received the frame
 * @param adapterHealth adapter health as the agent reported it in a heartbeat; empty for other frames
 * @param engines engines that the frame mentions otherwise; only for long-poll sessions, which send no hello
 */
public record EngineHealthNote(SessionRef session, Map<String, String> adapterHealth, Set<String> engines) {}

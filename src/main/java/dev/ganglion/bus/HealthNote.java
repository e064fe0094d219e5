package dev.ganglion.bus;

import java.util.Map;
import java.util.Set;

/**
 * What a frame said of its agent's engines.
 *
 * @param session the session that it came in
 * @param adapterHealth as the agent wrote it into a heartbeat; empty for other frames
 * @param engines engines that it spoke of otherwise; only of a long-poll session, which says no hello
 * @param atMs when it took effect, in ms since 1970
 */
public record HealthNote(SessionRef session, Map<String, String> adapterHealth, Set<String> engines, long atMs) {}

package dev.ganglion.bus;

import java.util.Map;

/**
 * What a heartbeat said of its agent's engines.
 *
 * @param session the session that it came in
 * @param adapterHealth as the agent wrote it
 * @param atMs when it took effect, in ms since 1970
 */
public record HealthNote(SessionRef session, Map<String, String> adapterHealth, long atMs) {}

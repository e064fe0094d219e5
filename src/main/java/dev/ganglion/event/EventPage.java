package dev.ganglion.event;

import dev.ganglion.protocol.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of events, newest first. A page may be empty and still have a cursor: a filtered read scans a bounded stretch.
 *
 * @param items JSON objects as REST shows them
 * @param nextCursor where the next page starts; null at the end
 */
public record EventPage(List<Json> items, @Nullable String nextCursor) {}

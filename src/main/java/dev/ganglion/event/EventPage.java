package dev.ganglion.event;

import dev.ganglion.protocol.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of events, newest first. A filtered read scans a bounded number of events, so a page may be empty and still
 * have a cursor.
 *
 * @param items JSON objects as REST returns them
 * @param nextCursor cursor of the next page; null on the last page
 */
public record EventPage(List<Json> items, @Nullable String nextCursor) {}

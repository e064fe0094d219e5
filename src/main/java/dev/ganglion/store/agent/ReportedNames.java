package dev.ganglion.store.agent;

import dev.ganglion.protocol.event.EngineWorkerName;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the engine workers that the events of a session named, as {@code report_workers.lua} writes them. */
public final class ReportedNames {
    /** Field of a long-poll session that holds its engine workers. */
    public static final String OF_POLL = "workers";

    private ReportedNames() {}

    /** Reads the text of a session; null if its events named none. */
    public static List<EngineWorkerName> decode(@Nullable String text) {
        if (text == null) {
            return List.of();
        }
        JsonArray names = new JsonObject(text).getJsonArray("names");
        List<EngineWorkerName> workers = new ArrayList<>();
        for (int i = 0; i + 1 < names.size(); i += 2) {
            workers.add(new EngineWorkerName(names.getString(i), names.getString(i + 1)));
        }
        return workers;
    }
}

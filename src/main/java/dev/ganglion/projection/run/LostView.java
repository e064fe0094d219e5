package dev.ganglion.projection.run;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The mark of a lost task, as REST returns it. */
final class LostView {
    private LostView() {}

    /** The mark; null for a task without a reason. */
    static @Nullable JsonObject of(long sinceMs, @Nullable String reason) {
        return reason == null
                ? null
                : new JsonObject()
                        .put("since", Instant.ofEpochMilli(sinceMs).toString())
                        .put("reason", reason);
    }
}

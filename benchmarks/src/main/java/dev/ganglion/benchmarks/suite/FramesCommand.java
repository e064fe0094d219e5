package dev.ganglion.benchmarks.suite;

import dev.ganglion.benchmarks.verify.SampleFrame;
import dev.ganglion.benchmarks.verify.SampleFrame.Content;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * The command {@code bench frames}: prints the frames that verifying is timed with, for verifiers in other languages.
 */
@Command(
        name = "frames",
        mixinStandardHelpOptions = true,
        description =
                "Print signed frames of 1, 100 and 500 events as JSON, with the secret and ids needed to verify them.")
final class FramesCommand implements Callable<Integer> {
    private static final int FRAMES = 4;

    @Override
    public Integer call() {
        JsonObject all = new JsonObject()
                .put("agent_id", SampleFrame.binding().agentId())
                .put("project_id", SampleFrame.binding().projectId())
                .put("session_id", SampleFrame.binding().sessionId())
                .put("secret", Base64.getUrlEncoder().encodeToString(SampleFrame.secret()));
        for (int events : new int[] {1, 100, 500}) {
            JsonArray frames = new JsonArray();
            for (int i = 0; i < FRAMES; i++) {
                frames.add(
                        new String(SampleFrame.of(events, Content.PLAIN, i + 1).wire(), StandardCharsets.UTF_8));
            }
            all.put("events_" + events, frames);
        }
        System.out.println(all.encode());
        return 0;
    }
}

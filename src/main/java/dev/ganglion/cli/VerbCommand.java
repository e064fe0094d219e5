package dev.ganglion.cli;

import dev.ganglion.cli.BrainRest.RefusedException;
import dev.ganglion.command.Verb;
import dev.ganglion.dev.DemoProject;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Issues a command of one verb over REST and waits until the command is final. {@link VerbFields} provides the options
 * of each verb.
 */
@Command(
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:completed, or issued with --no-wait", "1:failed, timed out or rejected", "2:wrong usage"})
final class VerbCommand implements Callable<Integer> {
    private static final Set<String> FINAL = Set.of("completed", "failed", "timeout");
    private static final Duration CALL_LIMIT = Duration.ofSeconds(15);
    private static final int MAX_WAIT_SECONDS = 30;
    /**
     * Additional waiting time beyond the command's own time-out. A restarted brain is back by then, or another node
     * answers.
     */
    private static final Duration EXTRA_WAIT = Duration.ofSeconds(30);

    private static final Duration RETRY_INTERVAL = Duration.ofMillis(500);

    private final Verb verb;
    private final Map<String, String> environment;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private RestAccess access = new RestAccess();

    @Option(
            names = "--project",
            paramLabel = "SLUG",
            defaultValue = DemoProject.SLUG,
            description = "project of the agent (default: that of 'dev', ${DEFAULT-VALUE})")
    private String project = DemoProject.SLUG;

    @Option(names = "--agent", required = true, paramLabel = "ID|NAME", description = "agent that executes the command")
    private String agent = "";

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            description = "queue engine (default: the engine of the agent if it has exactly one)")
    private @Nullable String engine;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "time-out of the command, 1 to 3600 (default: ${DEFAULT-VALUE})")
    private int timeout;

    @Option(
            names = "--idempotency-key",
            paramLabel = "KEY",
            description = "key that makes repeated calls return the outcome of the first command")
    private @Nullable String idempotencyKey;

    @Option(names = "--no-wait", description = "issue the command without waiting for its outcome")
    private boolean noWait;

    @Option(names = "--json", description = "print the command as JSON of the REST interface")
    private boolean json;

    VerbCommand(Verb verb, Map<String, String> environment) {
        this.verb = verb;
        this.environment = environment;
    }

    @Override
    public Integer call() throws Exception {
        if (timeout < 1 || timeout > 3600) {
            throw AgentAccess.wrong(commandSpec(), "--timeout must be 1 to 3600 seconds");
        }
        String path = "/projects/" + encoded(project);
        try (BrainRest rest = access.open(commandSpec(), environment)) {
            JsonObject command = rest.post(path + "/commands/" + verb.route(), body(rest, path), CALL_LIMIT);
            if (!noWait) {
                command = outcome(rest, path + "/commands/" + command.getString("id"), command);
            }
            return print(command);
        } catch (RefusedException e) {
            err().println("ganglion: " + e.getMessage());
            return ExitCode.FAILED;
        }
    }

    private JsonObject body(BrainRest rest, String path) throws Exception {
        JsonObject found = findAgent(rest, path);
        JsonObject body = VerbFields.body(verb, commandSpec().commandLine().getParseResult())
                .put("agent_id", found.getString("id"))
                .put("timeout_seconds", timeout);
        JsonArray engines = found.getJsonArray("engine_adapters", new JsonArray());
        String named = engine == null && engines != null && engines.size() == 1 ? engines.getString(0) : engine;
        if (named != null) {
            body.put("engine", named);
        }
        return idempotencyKey == null ? body : body.put("idempotency_key", idempotencyKey);
    }

    /** Finds the agent by its id or its name. */
    private JsonObject findAgent(BrainRest rest, String path) throws Exception {
        String cursor = "";
        while (cursor != null) {
            String from = cursor.isEmpty() ? "" : "&cursor=" + cursor;
            JsonObject page = rest.get(path + "/agents?limit=500" + from, CALL_LIMIT);
            for (Object item : page.getJsonArray("items")) {
                JsonObject one = (JsonObject) item;
                if (agent.equals(one.getString("id")) || agent.equals(one.getString("name"))) {
                    return one;
                }
            }
            cursor = page.getString("next_cursor");
        }
        throw new RefusedException(404, "the project has no agent with the id or name '" + agent + "'");
    }

    /** Waits until the command is final. Retries while the brain is unreachable or answers 503. */
    private JsonObject outcome(BrainRest rest, String path, JsonObject issued) throws Exception {
        long end = System.nanoTime() + EXTRA_WAIT.plusSeconds(timeout).toNanos();
        JsonObject command = issued;
        while (!isFinal(command) && System.nanoTime() < end) {
            try {
                command = rest.get(path + "?wait=" + MAX_WAIT_SECONDS, CALL_LIMIT.plusSeconds(MAX_WAIT_SECONDS));
            } catch (RefusedException e) {
                if (e.status() != 503) {
                    throw e;
                }
                rest.pause(RETRY_INTERVAL);
            } catch (IOException e) {
                rest.pause(RETRY_INTERVAL);
            }
        }
        return command;
    }

    private int print(JsonObject command) {
        boolean ended = isFinal(command);
        boolean ok = noWait || "completed".equals(command.getString("status"));
        if (json) {
            out().println(command.encodePrettily());
        } else {
            (ok ? out() : err()).println(CommandOutcomeText.of(command, agent));
        }
        if (!ended && !noWait) {
            err().println("ganglion: the brain was unreachable for too long, so the outcome of the command is unknown");
        }
        return ok ? ExitCode.OK : ExitCode.FAILED;
    }

    private static boolean isFinal(JsonObject command) {
        return FINAL.contains(command.getString("status"));
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%7E", "~");
    }

    private CommandSpec commandSpec() {
        if (spec == null) {
            throw new IllegalStateException("picocli has not set the command specification");
        }
        return spec;
    }

    private PrintWriter out() {
        return commandSpec().commandLine().getOut();
    }

    private PrintWriter err() {
        return commandSpec().commandLine().getErr();
    }
}

package dev.ganglion.cli;

import dev.ganglion.agent.Agent;
import dev.ganglion.agent.AgentHost;
import dev.ganglion.agent.AgentOptions;
import dev.ganglion.agent.AgentProfile;
import dev.ganglion.agent.AgentState;
import dev.ganglion.agent.outbox.AgentCounts;
import dev.ganglion.agent.simulation.SimulatedCommands;
import dev.ganglion.agent.simulation.SimulatedTaskEvents;
import dev.ganglion.agent.simulation.SimulatedWorkload;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Implements {@code ganglion agent}, which runs one simulated agent against any brain. */
@Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        description =
                "Connect one simulated agent to a brain. The agent streams task events and answers commands until stopped.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the agent stopped cleanly",
            "1:the brain rejected the agent, or the agent failed",
            "2:wrong usage"
        })
public final class AgentCommand implements Callable<Integer> {
    private static final Duration GRACE = Duration.ofSeconds(4);
    private static final long STOP_LIMIT_SECONDS = 6;
    private static final long REPORT_MILLIS = 1000;

    private final Map<String, String> environment;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private AgentAccess access = new AgentAccess();

    @Option(names = "--rate", paramLabel = "N", description = "events per second (default: ${DEFAULT-VALUE})")
    private double rate = 10;

    @Option(names = "--count", paramLabel = "N", description = "stop after the brain has acknowledged this many events")
    private long count = Long.MAX_VALUE;

    @Option(names = "--seed", paramLabel = "N", description = "seed for reproducible events and answers")
    private @Nullable Long seed;

    @Option(names = "--quiet", description = "print only the totals at the end")
    private boolean quiet;

    /** Creates the command; defaults come from the environment of this process. */
    public AgentCommand() {
        this(System.getenv());
    }

    AgentCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        AgentOptions options = access.options(commandSpec(), environment);
        if (!(rate > 0 && rate <= 1_000_000) || count < 1) {
            throw AgentAccess.wrong(
                    commandSpec(), "--rate must be above 0 and at most 1000000; --count must be at least 1");
        }
        Vertx vertx = Vertx.vertx();
        try {
            return stream(vertx, options);
        } finally {
            vertx.close();
        }
    }

    private int stream(Vertx vertx, AgentOptions options) throws InterruptedException {
        AgentHost host = AgentHost.on(vertx);
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        SimulatedCommands commands = new SimulatedCommands(host, worker(options), random());
        Agent agent = new Agent(host, options, commands, this::printState);
        agent.start().onFailure(done::completeExceptionally);
        agent.ended().onComplete(ended -> done.complete(null), done::completeExceptionally);
        SimulatedWorkload workload = new SimulatedWorkload(host, agent, taskEvents(options), rate, count);
        workload.start().onFailure(done::completeExceptionally);
        vertx.setPeriodic(REPORT_MILLIS, tick -> {
            if (!quiet) {
                printCounts(agent);
            }
        });
        vertx.setPeriodic(20, tick -> {
            if (workload.accepted() >= count && agent.buffered() == 0) {
                done.complete(null);
            }
        });
        Thread hook = new Thread(() -> stopCleanly(agent, workload), "agent-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            done.get();
            end(agent, workload);
            return ExitCode.OK;
        } catch (ExecutionException rejected) {
            printCounts(agent);
            err().println("the brain rejected the agent: " + reason(rejected));
            return ExitCode.FAILED;
        } finally {
            removeHook(hook);
        }
    }

    private SimulatedTaskEvents taskEvents(AgentOptions options) {
        return new SimulatedTaskEvents(AgentProfile.SIMULATED_ENGINE, worker(options), random());
    }

    private static String worker(AgentOptions options) {
        String id = options.profile().workerId();
        return AgentProfile.SIMULATED_ENGINE + "@" + (id == null ? "simulated" : id);
    }

    private Random random() {
        return seed == null ? new Random() : new Random(seed);
    }

    /**
     * Stops the agent on SIGTERM or Ctrl-C. The process then exits with 0, because a clean stop is not a failure.
     */
    private void stopCleanly(Agent agent, SimulatedWorkload workload) {
        end(agent, workload);
        out().flush();
        Runtime.getRuntime().halt(ExitCode.OK);
    }

    private void end(Agent agent, SimulatedWorkload workload) {
        workload.stop();
        try {
            agent.stop(GRACE).toCompletionStage().toCompletableFuture().get(STOP_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            err().println("the agent did not stop cleanly: " + e.getMessage());
        }
        printCounts(agent);
    }

    private void printState(AgentState state) {
        if (quiet) {
            return;
        }
        if (state instanceof AgentState.Online online) {
            out().println("online as agent " + online.agentId() + " in session " + online.sessionId());
        } else if (state instanceof AgentState.Disconnected lost) {
            out().println("not connected: " + lost.reason() + "; next attempt in "
                    + lost.delay().toMillis() + " ms");
        }
        out().flush();
    }

    private void printCounts(Agent agent) {
        AgentCounts counts = agent.counts();
        out().printf(
                        Locale.ROOT,
                        "sent %d acked %d rejected %d dropped %d held %d%n",
                        counts.sent(),
                        counts.acked(),
                        counts.rejected(),
                        counts.dropped(),
                        agent.buffered());
        out().flush();
    }

    private static String reason(ExecutionException failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyStopping) {
            // The shutdown hook is already running and ends the process.
        }
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

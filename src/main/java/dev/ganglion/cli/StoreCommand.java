package dev.ganglion.cli;

import dev.ganglion.RunningBrain;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.store.StoreAdministration;
import dev.ganglion.store.guard.StoreIdentity;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Implements {@code ganglion store}, which shows and accepts the store in the configured Redis. The command uses Redis
 * directly, because nodes answer no calls while they refuse their store.
 */
@Command(name = "store", description = "Show the identity of the data in Redis, and accept other data in its place.")
final class StoreCommand {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(15);
    private static final Duration WORK_LIMIT = Duration.ofMinutes(5);

    private final Console console;

    StoreCommand(Console console) {
        this.console = console;
    }

    @Command(
            name = "show",
            description = {
                "Show the identity of the data in the configured Redis, and whether every part of Redis has it.",
                "Set it as redis.store-id, so that nodes start with this data only."
            },
            exitCodeList = {
                ExitCode.OK + ":every part of Redis has the identity",
                ExitCode.FAILED + ":Redis is empty or has lost data, or the command failed",
                ExitCode.WRONG_USAGE + ":the command line is wrong",
                ExitCode.INVALID_CONFIGURATION + ":the configuration is not valid"
            })
    int show(@Mixin ConfigOptions options) throws Exception {
        StoreIdentity.State state = with(options, StoreAdministration::read);
        console.out()
                .println(
                        state.isEmpty()
                                ? "Redis holds no store."
                                : "store " + (state.id() == null ? "unknown: the identity is missing" : state.id()));
        if (!state.isEmpty()) {
            console.out()
                    .println(
                            state.isComplete()
                                    ? "complete: every part of Redis has this identity"
                                    : "incomplete: " + state.missing() + " marks are missing; other identities: "
                                            + (state.others().isEmpty() ? "none" : String.join(", ", state.others())));
        }
        state.replaces().forEach(replaced -> console.out().println("accepted in place of " + replaced));
        console.out().flush();
        return state.isComplete() ? ExitCode.OK : ExitCode.FAILED;
    }

    @Command(
            name = "accept",
            description = {
                "Accept the data that the configured Redis holds now, although nodes refuse it because data was lost or"
                        + " replaced. Nodes that run continue with it within seconds.",
                "Agents whose tokens were lost are then rejected for good. Restore a backup instead if there is one."
            })
    int accept(
            @Mixin ConfigOptions options,
            @Option(
                            names = "--replaces",
                            paramLabel = "ID",
                            description = "identity of the lost data, as the nodes' logs and /readyz name it"
                                    + " (default: redis.store-id)")
                    @Nullable
                    String replaces)
            throws Exception {
        String id = with(options, admin -> admin.accept(Optional.ofNullable(replaces)));
        Optional<String> replaced = Optional.ofNullable(replaces).filter(before -> !before.equals(id));
        console.out()
                .println("Accepted store " + id
                        + replaced.map(before -> " in place of " + before).orElse("") + ".");
        console.out().flush();
        return ExitCode.OK;
    }

    private interface Work<T> {
        Future<T> on(StoreAdministration store);
    }

    private <T> T with(ConfigOptions options, Work<T> work) throws Exception {
        GanglionConfig config = options.load(console.environment()).config();
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        StoreAdministration store = new StoreAdministration(vertx, config, Clock.systemUTC(), Ticker.system());
        try {
            Void unused = RunningBrain.await(store.open(), CONNECT_LIMIT);
            return RunningBrain.await(work.on(store), WORK_LIMIT);
        } catch (GanglionException refused) {
            throw new IOException(refused.getMessage(), refused);
        } finally {
            Void unused = RunningBrain.await(store.close().compose(done -> vertx.close()), CONNECT_LIMIT);
        }
    }
}

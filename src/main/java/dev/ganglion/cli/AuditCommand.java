package dev.ganglion.cli;

import dev.ganglion.RunningBrain;
import dev.ganglion.auth.MasterSecrets;
import dev.ganglion.auth.audit.AuditChain;
import dev.ganglion.auth.audit.AuditRecord;
import dev.ganglion.auth.audit.AuditRepair;
import dev.ganglion.auth.audit.AuditStore;
import dev.ganglion.auth.audit.AuditVerifier;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.store.people.AuditReader;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Implements {@code ganglion audit}, which verifies and repairs the audit log. The command reads Redis directly, so
 * that its result does not depend on trusting a brain.
 */
@Command(name = "audit", description = "Verify that the audit log is unchanged, and repair the marks of its ends.")
final class AuditCommand {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(15);
    private static final Duration WORK_LIMIT = Duration.ofMinutes(30);
    private static final Pattern HEAD = Pattern.compile("(\\d{1,16}):([0-9a-f]{64})");

    private final Console console;

    @Spec
    private @Nullable CommandSpec spec;

    AuditCommand(Console console) {
        this.console = console;
    }

    @Command(
            name = "verify",
            description = {
                "Verify the audit chain in the configured Redis: each record against the record before it, and"
                        + " both ends of the chain against their marks. Needs the master secret.",
                "Prints the head of the chain. Keep the head elsewhere and pass it later as --head to prove that nothing"
                        + " was rolled back since."
            },
            exitCodeList = {
                ExitCode.OK + ":the chain is intact",
                ExitCode.FAILED + ":the command failed",
                ExitCode.WRONG_USAGE + ":the command line is wrong",
                ExitCode.INVALID_CONFIGURATION + ":the configuration is not valid",
                ExitCode.BROKEN_CHAIN + ":the chain is broken: records were changed, removed, moved or added"
            })
    int verify(
            @Mixin ConfigOptions options,
            @Option(names = "--head", paramLabel = "SEQ:MAC", description = "head that an earlier run printed")
                    @Nullable
                    String head)
            throws Exception {
        AuditChain.Link knownHead = head == null ? null : link(head);
        return print(with(options, (store, chain) -> new AuditVerifier(store, chain, knownHead).verify()));
    }

    @Command(
            name = "repair",
            description = {
                "Restore the marks of both ends of the audit chain in the configured Redis after their loss. Without"
                        + " the marks, brains answer every change with 503. Verifies the chain first, and stops if the"
                        + " chain is broken or a mark still exists. Needs the master secret.",
                "Adds a record of the repair. Only a head that was printed earlier can prove that no records are missing"
                        + " at the end: pass it as --head."
            },
            exitCodeList = {
                ExitCode.OK + ":the ends are marked again, or there was nothing to repair",
                ExitCode.FAILED + ":the command failed",
                ExitCode.WRONG_USAGE + ":the command line is wrong",
                ExitCode.INVALID_CONFIGURATION + ":the configuration is not valid",
                ExitCode.BROKEN_CHAIN + ":the chain is broken, and nothing was changed"
            })
    int repair(
            @Mixin ConfigOptions options,
            @Option(names = "--head", paramLabel = "SEQ:MAC", description = "head that an earlier run printed")
                    @Nullable
                    String head)
            throws Exception {
        AuditChain.Link knownHead = head == null ? null : link(head);
        return with(
                options,
                (store, chain) -> store.ends()
                        .compose(ends -> ends.lacksMarks()
                                ? new AuditRepair(store, chain, knownHead)
                                        .repair(repairRecord())
                                        .map(done -> print(done, knownHead != null))
                                : new AuditVerifier(store, chain, knownHead)
                                        .verify()
                                        .map(this::reportUnrepaired)));
    }

    private static AuditRecord repairRecord() {
        return new AuditRecord(
                UUID.randomUUID().toString(),
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                AuditRecord.Actor.commandLine("ganglion audit repair"),
                "repairAudit",
                new AuditRecord.Scope("", "", ""),
                new AuditRecord.Target("/audit", null, null, null),
                AuditRecord.OK);
    }

    private interface Work<T> {
        Future<T> on(AuditStore store, AuditChain chain);
    }

    private <T> T with(ConfigOptions options, Work<T> work) throws Exception {
        GanglionConfig config = options.load(console.environment()).config();
        AuditChain chain = new AuditChain(new MasterSecrets(
                config.security().requiredMasterSecret(), config.security().previousSecrets()));
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        AuditReader reader = new AuditReader(vertx, config.redis(), Ticker.system());
        try {
            AuditStore store = RunningBrain.await(reader.open(), CONNECT_LIMIT);
            return RunningBrain.await(work.on(store, chain), WORK_LIMIT);
        } finally {
            Void unused = RunningBrain.await(reader.close().compose(done -> vertx.close()), CONNECT_LIMIT);
        }
    }

    /**
     * Reports why nothing was repaired. Repair replaces the marks of the chain's ends only if both are missing; any
     * other fault is only reported.
     */
    private int reportUnrepaired(AuditVerifier.Report found) {
        int code = print(found);
        console.out()
                .println(
                        found.faults().isEmpty()
                                ? "There is nothing to repair."
                                : "Nothing was changed: an end of the chain is still marked, so repair cannot help.");
        console.out().flush();
        return code;
    }

    private int print(AuditRepair.Report done, boolean compared) {
        PrintWriter out = console.out();
        if (done.head() == null && done.faults().isEmpty()) {
            out.println("There are no records, so there is nothing to repair.");
            out.flush();
            return ExitCode.OK;
        } else if (done.head() == null) {
            done.faults().forEach(fault -> out.println("  " + fault));
            out.println("Nothing was changed: the chain is broken, and repair cannot help.");
            out.flush();
            return ExitCode.BROKEN_CHAIN;
        }
        out.println("audit: " + done.records() + " records, each correctly chained to the record before it");
        if (done.unchecked() != null) {
            out.println("Earlier records were dropped to save space, so record "
                    + done.unchecked().link().seq()
                    + " could not be verified. The audit log now begins after this record:");
            out.println("  " + done.unchecked().record());
        }
        if (!compared) {
            out.println(
                    "This run cannot prove that no records are missing at the end. To prove it, pass a head that was"
                            + " printed earlier as --head.");
        }
        out.println("Both ends are marked again, and a record of the repair was added.");
        out.println("head: " + done.head());
        out.flush();
        return ExitCode.OK;
    }

    private AuditChain.Link link(String head) {
        Matcher parts = HEAD.matcher(head);
        if (!parts.matches()) {
            throw AgentAccess.wrong(
                    Objects.requireNonNull(spec),
                    "--head: expected a printed head, which is a number, a colon and 64 hexadecimal digits");
        }
        return new AuditChain.Link(Long.parseLong(parts.group(1)), parts.group(2));
    }

    private int print(AuditVerifier.Report report) {
        String range = report.records() == 0
                ? "no records"
                : report.records() + " records, from " + report.first() + " to "
                        + report.head().seq();
        console.out().println("audit: " + range);
        if (report.faults().isEmpty()) {
            console.out().println("The chain is intact.");
            console.out().println("head: " + report.head());
        } else {
            report.faults().forEach(fault -> console.out().println("  " + fault));
            console.out()
                    .println(
                            report.faults().size() < AuditVerifier.MAX_FAULTS
                                    ? "The chain is broken."
                                    : "The chain is broken; verification stopped here.");
        }
        console.out().flush();
        return report.faults().isEmpty() ? ExitCode.OK : ExitCode.BROKEN_CHAIN;
    }
}

package dev.ganglion;

import dev.ganglion.auth.AuditChain;
import dev.ganglion.auth.AuditRecord;
import dev.ganglion.auth.AuditRepair;
import dev.ganglion.auth.AuditStore;
import dev.ganglion.auth.AuditVerifier;
import dev.ganglion.auth.MasterSecrets;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.store.AuditReader;
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
@Command(name = "audit", description = "Check that the audit is as it was written, and mark its ends anew.")
final class AuditCommand {
    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final Duration WALK = Duration.ofMinutes(30);
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
                "Walk the chain of the audit in the Redis of the configuration: each record against the one before, and"
                        + " both ends against their seals. Needs the master secret.",
                "Prints the head of the chain: keep it elsewhere and give it back as --head to see that nothing was"
                        + " rolled back since."
            },
            exitCodeList = {
                ExitCode.OK + ":the chain holds",
                ExitCode.FAILED + ":it failed while running",
                ExitCode.WRONG_USAGE + ":the command line is wrong",
                ExitCode.INVALID_CONFIGURATION + ":the configuration is not valid",
                ExitCode.BROKEN_CHAIN + ":the chain does not hold: records were changed, removed, moved or added"
            })
    int verify(
            @Mixin ConfigOptions options,
            @Option(names = "--head", paramLabel = "SEQ:MAC", description = "a head that was printed before") @Nullable
                    String head)
            throws Exception {
        AuditChain.Link remembered = head == null ? null : link(head);
        return print(with(options, (store, chain) -> new AuditVerifier(store, chain, remembered).verify()));
    }

    @Command(
            name = "repair",
            description = {
                "Mark both ends of the audit anew in the Redis of the configuration, after Redis has lost the marks: without"
                        + " them brains answer every change with 503. Walks the chain first, and does nothing when it does"
                        + " not hold or a mark is left. Needs the master secret.",
                "Leaves a record that says so. That no records were cut off at the end only a head shows that was printed"
                        + " before: give it as --head."
            },
            exitCodeList = {
                ExitCode.OK + ":the ends are marked, or there was nothing to repair",
                ExitCode.FAILED + ":it failed while running",
                ExitCode.WRONG_USAGE + ":the command line is wrong",
                ExitCode.INVALID_CONFIGURATION + ":the configuration is not valid",
                ExitCode.BROKEN_CHAIN + ":the chain does not hold, and nothing was done"
            })
    int repair(
            @Mixin ConfigOptions options,
            @Option(names = "--head", paramLabel = "SEQ:MAC", description = "a head that was printed before") @Nullable
                    String head)
            throws Exception {
        AuditChain.Link remembered = head == null ? null : link(head);
        return with(
                options,
                (store, chain) -> store.ends()
                        .compose(ends -> ends.unmarked()
                                ? new AuditRepair(store, chain, remembered)
                                        .repair(says())
                                        .map(done -> print(done, remembered != null))
                                : new AuditVerifier(store, chain, remembered)
                                        .verify()
                                        .map(this::marked)));
    }

    private static AuditRecord says() {
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
        AuditReader reader = new AuditReader(vertx, config.redis());
        try {
            AuditStore store = RunningBrain.await(reader.open(), CONNECT);
            return RunningBrain.await(work.on(store, chain), WALK);
        } finally {
            Void unused = RunningBrain.await(reader.close().compose(done -> vertx.close()), CONNECT);
        }
    }

    /**
     * Reports why nothing was repaired. Repair replaces the marks of the chain's ends only if both are missing; any
     * other fault is only reported.
     */
    private int marked(AuditVerifier.Report found) {
        int code = print(found);
        console.out()
                .println(
                        found.faults().isEmpty()
                                ? "There is nothing to repair."
                                : "Nothing was done: an end of the chain is marked, and this is not for repair.");
        console.out().flush();
        return code;
    }

    private int print(AuditRepair.Report done, boolean compared) {
        PrintWriter out = console.out();
        if (done.head() == null && done.faults().isEmpty()) {
            out.println("There are no records, and there is nothing to repair.");
            out.flush();
            return ExitCode.OK;
        } else if (done.head() == null) {
            done.faults().forEach(fault -> out.println("  " + fault));
            out.println("Nothing was done: this is not for repair.");
            out.flush();
            return ExitCode.BROKEN_CHAIN;
        }
        out.println("audit: " + done.records() + " records, each of which follows the one before");
        if (done.unchecked() != null) {
            out.println("Those before it were dropped for space, so that record "
                    + done.unchecked().link().seq()
                    + " could not be checked. The audit begins behind it now; it said:");
            out.println("  " + done.unchecked().record());
        }
        if (!compared) {
            out.println("Nothing shows whether records were cut off at the end: a head that was printed before would"
                    + " have (--head).");
        }
        out.println("Both ends are marked anew, and the last record says so.");
        out.println("head: " + done.head());
        out.flush();
        return ExitCode.OK;
    }

    private AuditChain.Link link(String head) {
        Matcher parts = HEAD.matcher(head);
        if (!parts.matches()) {
            throw AgentAccess.wrong(
                    Objects.requireNonNull(spec),
                    "--head: give what was printed, a number, a colon and 64 hexadecimal digits");
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
            console.out().println("The chain holds.");
            console.out().println("head: " + report.head());
        } else {
            report.faults().forEach(fault -> console.out().println("  " + fault));
            console.out()
                    .println(
                            report.faults().size() < AuditVerifier.MAX_FAULTS
                                    ? "The chain does not hold."
                                    : "The chain does not hold; the walk ended here.");
        }
        console.out().flush();
        return report.faults().isEmpty() ? ExitCode.OK : ExitCode.BROKEN_CHAIN;
    }
}

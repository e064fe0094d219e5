package dev.ganglion.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What people do, and whether it is written down. All series are there from the start, so that a first one is seen. */
public final class PeopleCounts {
    /** How a login ended. */
    public enum Login {
        /** Let in. */
        OK,
        /** The password is wrong, or there is no such account. */
        WRONG,
        /** Too many have failed, or too many wait. */
        THROTTLED,
        /** Nobody knows: the store was away, or the audit did not take it. */
        FAILED
    }

    /** What was being written into the audit when that failed. */
    public enum AuditStep {
        /** That something is about to be done: it was not done then. */
        BEGIN,
        /** How it ended: it may have been done, and is recorded as unknown later on. */
        RECORD
    }

    private final Map<Login, Counter> logins = new EnumMap<>(Login.class);
    private final Map<AuditStep, Counter> auditFailures = new EnumMap<>(AuditStep.class);
    private final Counter auditRecords;

    PeopleCounts(MeterRegistry registry) {
        for (Login outcome : Login.values()) {
            logins.put(
                    outcome,
                    Counter.builder("ganglion.logins")
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .description("Logins with a password")
                            .register(registry));
        }
        for (AuditStep step : AuditStep.values()) {
            auditFailures.put(
                    step,
                    Counter.builder("ganglion.audit.failures")
                            .tag("step", step.name().toLowerCase(Locale.ROOT))
                            .description("Writes that the audit did not take")
                            .register(registry));
        }
        this.auditRecords = Counter.builder("ganglion.audit.records")
                .description("Records that this node has put into the audit")
                .register(registry);
    }

    /** Somebody tried to log in. */
    public void login(Login outcome) {
        Objects.requireNonNull(logins.get(outcome)).increment();
    }

    /** The audit took a record. */
    public void recorded() {
        auditRecords.increment();
    }

    /** The audit did not take it. */
    public void notRecorded(AuditStep step) {
        Objects.requireNonNull(auditFailures.get(step)).increment();
    }
}

package dev.ganglion.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Counts logins of people and writes to the audit. All series exist from the start, so that monitoring sees the first
 * increment.
 */
public final class LoginAndAuditMetrics {
    /** The outcomes of a login. */
    public enum Login {
        /** The login succeeded. */
        OK,
        /** The password is wrong, or the account does not exist. */
        WRONG,
        /** Too many logins failed recently, or too many are in progress. */
        THROTTLED,
        /** The outcome is unknown, because the store was unavailable or the audit record could not be written. */
        FAILED
    }

    /** The audit writes that can fail. */
    public enum AuditStep {
        /** The record before an action. If this write fails, the action is not carried out. */
        BEGIN,
        /**
         * The record of an action's outcome. If this write fails, the action may have been carried out; its outcome is
         * later recorded as unknown.
         */
        RECORD
    }

    private final Map<Login, Counter> logins = new EnumMap<>(Login.class);
    private final Map<AuditStep, Counter> auditFailures = new EnumMap<>(AuditStep.class);
    private final Counter auditRecords;

    LoginAndAuditMetrics(MeterRegistry registry) {
        for (Login outcome : Login.values()) {
            logins.put(
                    outcome,
                    Counter.builder("ganglion.logins")
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .description("Password logins by outcome")
                            .register(registry));
        }
        for (AuditStep step : AuditStep.values()) {
            auditFailures.put(
                    step,
                    Counter.builder("ganglion.audit.failures")
                            .tag("step", step.name().toLowerCase(Locale.ROOT))
                            .description("Audit records that could not be written")
                            .register(registry));
        }
        this.auditRecords = Counter.builder("ganglion.audit.records")
                .description("Audit records that this node has written")
                .register(registry);
    }

    /** Counts a login. */
    public void login(Login outcome) {
        Objects.requireNonNull(logins.get(outcome)).increment();
    }

    /** Counts a record that was written to the audit. */
    public void auditWritten() {
        auditRecords.increment();
    }

    /** Counts a record that could not be written to the audit. */
    public void auditFailed(AuditStep step) {
        Objects.requireNonNull(auditFailures.get(step)).increment();
    }
}

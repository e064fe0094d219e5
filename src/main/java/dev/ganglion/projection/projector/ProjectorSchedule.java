package dev.ganglion.projection.projector;

import dev.ganglion.telemetry.Ticker;
import java.time.Duration;

/**
 * Decides when the projector of a project tries to acquire the lease, renews the lease, and surveys the project. Used on one
 * context.
 */
final class ProjectorSchedule {
    /** Time between two surveys of a project. */
    static final Duration SURVEY_INTERVAL = Duration.ofSeconds(15);
    /** Number of renewals within the time of a lease, so that one failed renewal does not lose the lease. */
    static final int RENEWALS_PER_LEASE = 3;
    /** Number of attempts to acquire the lease within the time of a lease. */
    static final int ATTEMPTS_PER_LEASE = 4;

    private final Ticker ticker;
    private final long leaseNanos;
    private long nextAttempt;
    private long nextRenewal;
    private long nextSurvey;

    /** Creates a schedule on which the first attempt is due at once. */
    ProjectorSchedule(Ticker ticker, Duration lease) {
        this.ticker = ticker;
        this.leaseNanos = lease.toNanos();
        this.nextAttempt = ticker.nanos();
    }

    boolean attemptDue() {
        return ticker.nanos() - nextAttempt >= 0;
    }

    /** Makes an attempt due at once. */
    void attemptNow() {
        nextAttempt = ticker.nanos();
    }

    /** Postpones the next attempt, because another node holds the lease or the store failed. */
    void postponeAttempt() {
        nextAttempt = ticker.nanos() + leaseNanos / ATTEMPTS_PER_LEASE;
    }

    /** Records that this node acquired the lease. A survey is due at once. */
    void acquired() {
        renewed();
        nextSurvey = ticker.nanos();
    }

    boolean renewalDue() {
        return ticker.nanos() - nextRenewal >= 0;
    }

    /** Records that the lease was acquired or renewed. */
    void renewed() {
        nextRenewal = ticker.nanos() + leaseNanos / RENEWALS_PER_LEASE;
    }

    boolean surveyDue() {
        return ticker.nanos() - nextSurvey >= 0;
    }

    /** Records that a survey began. */
    void surveyed() {
        nextSurvey = ticker.nanos() + SURVEY_INTERVAL.toNanos();
    }
}

package dev.ganglion.projection.projector;

import dev.ganglion.bus.ProjectorLoad;
import dev.ganglion.telemetry.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides which leases this node takes and which it hands over, so that the nodes share the projects. Used on one
 * context.
 *
 * <ul>
 *   <li>A node's <em>share</em> is the number of projects, less those that nodes hold that take no more, divided by the
 *   number of nodes that take more, rounded up. A node takes no more while it drains, and while it is overloaded: when
 *   in {@value #OVERLOADED_REPORTS} reports in a row its projection was behind by more than {@link #OVERLOADED}.
 *   <li>A node below its share takes a free lease at once; another node takes a lease that has been free for {@link
 *   #TAKE_DELAY}, so no project stays without a projector. A draining node takes none, if there is another node.
 *   <li>With each report, a node above its share hands over up to {@value #MOST_MOVES} leases if a node that takes more
 *   holds at least two fewer. It prefers the projects with the least work.
 *   <li>An overloaded node with several leases hands over the second busiest project every {@link #RELIEF_INTERVAL} while
 *   another node is idle. The busiest project stays, because it would overload the other node as well.
 *   <li>A draining node hands over all leases if there is another node.
 * </ul>
 *
 * <p>Nodes report their load every {@link #REPORT_INTERVAL}. A node that was silent for three reports no longer counts.
 */
final class LeaseShare {
    /** Interval at which a node reports its load. */
    static final Duration REPORT_INTERVAL = Duration.ofSeconds(5);
    /** Time for which a lease must have been free before a node takes it that has its share. */
    static final Duration TAKE_DELAY = Duration.ofSeconds(2);
    /** Lag above which a node is overloaded if it lasts. */
    static final Duration OVERLOADED = Duration.ofSeconds(5);
    /** Shortest time between two projects that an overloaded node hands over. */
    static final Duration RELIEF_INTERVAL = Duration.ofSeconds(30);
    /** Number of reports in a row with such a lag that make a node overloaded. */
    static final int OVERLOADED_REPORTS = 3;
    /** Largest number of leases that a node hands over with one report to reach its share. */
    static final int MOST_MOVES = 4;

    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final int IDLE_PERCENT = 50;
    private static final int SILENT_REPORTS = 3;

    /**
     * The load of one project that this node projects.
     *
     * @param workedNanos time that its steps took since the last report
     */
    record Held(String projectId, long behindMs, long workedNanos) {}

    private record Peer(ProjectorLoad load, long at) {}

    private final String self;
    private final Ticker ticker;
    private final Map<String, Peer> peers = new HashMap<>();
    private int reportsBehind;
    private int busyPercent;
    private boolean draining;
    private long nextRelief;

    LeaseShare(String self, Ticker ticker) {
        this.self = self;
        this.ticker = ticker;
        this.nextRelief = ticker.nanos();
    }

    /** Notes the report of another node. */
    void heard(ProjectorLoad load) {
        peers.put(load.nodeId(), new Peer(load, ticker.nanos()));
    }

    private List<ProjectorLoad> peers() {
        long oldest =
                ticker.nanos() - REPORT_INTERVAL.multipliedBy(SILENT_REPORTS).toNanos();
        peers.values().removeIf(peer -> peer.at - oldest < 0);
        return peers.values().stream().map(Peer::load).toList();
    }

    /** Notes whether this node drains. */
    void draining(boolean drains) {
        draining = drains;
    }

    private boolean overloaded() {
        return reportsBehind >= OVERLOADED_REPORTS;
    }

    /** Whether this node may try to acquire free leases. */
    boolean takesAny() {
        return !draining || peers().isEmpty();
    }

    /**
     * Time for which a lease must have been free before this node takes it.
     *
     * @param held number of leases that this node holds
     * @param projects number of all projects
     */
    Duration freeFor(int held, int projects) {
        return accepting() && held < share(projects) ? Duration.ZERO : TAKE_DELAY;
    }

    private boolean accepting() {
        return !draining && !overloaded();
    }

    private int share(int projects) {
        int taken = 0;
        int nodes = 1;
        for (ProjectorLoad peer : peers()) {
            taken += peer.accepting() ? 0 : peer.leases();
            nodes += peer.accepting() ? 1 : 0;
        }
        return (Math.max(0, projects - taken) + nodes - 1) / nodes;
    }

    /**
     * Makes the regular report of this node.
     *
     * @param nanos time since the last report
     */
    ProjectorLoad report(Collection<Held> held, long nanos) {
        reportsBehind = behindMs(held) > OVERLOADED.toMillis() ? reportsBehind + 1 : 0;
        long worked = held.stream().mapToLong(Held::workedNanos).sum();
        busyPercent = (int) (worked * 100 / Math.max(1, nanos));
        return load(held, Set.of());
    }

    /**
     * Returns the present load of this node.
     *
     * @param freed projects whose lease this node has just released
     */
    ProjectorLoad load(Collection<Held> held, Set<String> freed) {
        return new ProjectorLoad(self, held.size(), behindMs(held), busyPercent, accepting(), freed);
    }

    private static long behindMs(Collection<Held> held) {
        return held.stream().mapToLong(Held::behindMs).max().orElse(0);
    }

    /** Returns the projects that this node should hand over now. */
    List<String> toHandOver(Collection<Held> held, int projects) {
        List<ProjectorLoad> others = peers();
        List<ProjectorLoad> takers =
                others.stream().filter(ProjectorLoad::accepting).toList();
        if (draining) {
            return others.isEmpty()
                    ? List.of()
                    : held.stream().map(Held::projectId).toList();
        }
        if (takers.isEmpty()) {
            return List.of();
        }
        List<Held> byWork = new ArrayList<>(held);
        byWork.sort(Comparator.comparingLong(Held::workedNanos).thenComparing(Held::projectId));
        if (overloaded()) {
            return relief(byWork, takers);
        }
        int least = takers.stream().mapToInt(ProjectorLoad::leases).min().orElse(held.size());
        int excess = held.size() - share(projects);
        int moves = Math.min(Math.min(excess, (held.size() - least) / 2), MOST_MOVES);
        return byWork.subList(0, Math.max(0, moves)).stream()
                .map(Held::projectId)
                .toList();
    }

    private List<String> relief(List<Held> byWork, List<ProjectorLoad> takers) {
        boolean anotherIdles = takers.stream()
                .anyMatch(peer -> peer.behindMs() < IDLE.toMillis() && peer.busyPercent() <= IDLE_PERCENT);
        if (byWork.size() < 2 || !anotherIdles || ticker.nanos() - nextRelief < 0) {
            return List.of();
        }
        nextRelief = ticker.nanos() + RELIEF_INTERVAL.toNanos();
        return List.of(byWork.get(byWork.size() - 2).projectId());
    }
}

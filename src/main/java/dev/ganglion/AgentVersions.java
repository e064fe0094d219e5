package dev.ganglion;

import dev.ganglion.auth.AgentStore;
import dev.ganglion.auth.Project;
import dev.ganglion.projection.ProjectionEngine.Place;
import dev.ganglion.telemetry.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers the versions of agents, for projections, which must not wait. It looks an agent up in the background when it
 * is asked for the first time, and again after {@link #AGE}. Thread-safe.
 */
final class AgentVersions {
    /** Age at which a version is looked up again. */
    static final Duration AGE = Duration.ofMinutes(5);
    /** Largest number of agents; the one that was not asked for the longest is forgotten. */
    static final int MOST = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(AgentVersions.class);

    private record Known(@Nullable String version, long at) {}

    private final AgentStore agents;
    private final Ticker ticker;
    private final Map<String, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MOST;
        }
    };

    AgentVersions(AgentStore agents, Ticker ticker) {
        this.agents = agents;
        this.ticker = ticker;
    }

    /** The version of an agent of a project; null if it is not known yet. */
    synchronized @Nullable String of(Place place, String agentId) {
        Known before = known.get(agentId);
        String version = before == null ? null : before.version;
        if (before == null || ticker.nanos() - before.at > AGE.toNanos()) {
            // Noted at once, so that only one look-up is under way.
            known.put(agentId, new Known(version, ticker.nanos()));
            lookUp(place, agentId);
        }
        return version;
    }

    private void lookUp(Place place, String agentId) {
        Project project = new Project(place.projectId(), place.projectSlug(), "", null, place.shards(), Instant.EPOCH);
        agents.find(project, agentId)
                .onSuccess(found ->
                        found.map(agent -> agent.about()).ifPresent(about -> note(agentId, about.agentVersion())))
                .onFailure(failure -> LOG.atDebug()
                        .setCause(failure)
                        .addKeyValue("agentId", agentId)
                        .log("Failed to look up the version of an agent; trying again in 5 minutes"));
    }

    private synchronized void note(String agentId, String version) {
        known.put(agentId, new Known(version, ticker.nanos()));
    }
}

package dev.ganglion.command;

import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.protocol.event.EngineWorkerName;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of an agent when a command is issued. Rejects a command that none of them could ever receive. {@code
 * dispatch.lua} applies the same rules again when it delivers the command, since sessions come and go.
 *
 * @param sessions all connected sessions
 * @param otherEngines engines without a session that count as the agent's: of sessions that ended a moment ago, or, while
 *     the agent is offline, of its last sessions
 */
public record AgentSessions(List<Session> sessions, Set<String> otherEngines) {
    private static final int MOST_NAMES = 20;

    /**
     * One session.
     *
     * @param workerId {@code worker_id} of its process; empty if it has none
     * @param longPoll whether it is a long-poll session, which names no engines
     * @param host name of its host; null if unknown
     * @param engines engines that its hello names; empty if they are unknown
     * @param workers engine workers that its events named
     */
    public record Session(
            String workerId,
            boolean longPoll,
            @Nullable String host,
            Collection<String> engines,
            List<EngineWorkerName> workers) {
        private boolean reports(@Nullable String engine, String name) {
            return workers.stream()
                    .anyMatch(worker -> worker.name().equals(name)
                            && (engine == null || worker.engine().equals(engine)));
        }

        private boolean runsOn(String name) {
            return host != null && (host.equals(name) || name.endsWith("@" + host));
        }
    }

    /**
     * Rejects a command whose engine no session has. A session that names no engines may have any.
     *
     * @throws GanglionException {@code validation_failed}
     */
    public void checkEngine(@Nullable String engine) {
        if (engine == null || otherEngines.contains(engine) || sessions.stream().anyMatch(mayHave(engine))) {
            return;
        }
        Set<String> engines = new TreeSet<>(otherEngines);
        sessions.forEach(session -> engines.addAll(session.engines()));
        if (!engines.isEmpty()) {
            throw invalid(
                    "engine",
                    "no session of the agent has the engine \"" + engine + "\"; use one of: " + list(engines));
        }
    }

    /**
     * Rejects a command that is bound to a worker, unless exactly one session could be meant. An offline agent may have the
     * worker when it comes back, so the command waits for it.
     *
     * @param engine engine of the command; null if it is unknown
     * @param name {@code worker_name} of the command
     * @throws GanglionException {@code validation_failed}
     */
    public void checkWorker(@Nullable String engine, String name) {
        List<Session> able = sessions.stream().filter(mayHave(engine)).toList();
        boolean broadcast = EngineControl.broadcasts(engine)
                || (engine == null && able.stream().anyMatch(session -> EngineControl.allBroadcast(session.engines())));
        boolean exact = able.stream()
                .anyMatch(session -> !session.longPoll() && session.workerId().equals(name));
        if (able.isEmpty() || broadcast || exact) {
            return;
        }
        List<Session> reporting =
                able.stream().filter(session -> session.reports(engine, name)).toList();
        if (reporting.size() > 1) {
            throw invalid(
                    "worker_name",
                    reporting.size() + " sessions report a worker \"" + name + "\"; name the worker_id of one: "
                            + list(ids(reporting)));
        }
        boolean onHost = engine == null
                && able.stream().filter(session -> session.runsOn(name)).count() == 1;
        if (reporting.isEmpty() && !onHost && !isOnlyWithoutName(able)) {
            throw invalid("worker_name", unknown(able, engine, name));
        }
    }

    /** Whether the only session has neither a worker id nor reported workers, so that no name can be compared. */
    private static boolean isOnlyWithoutName(List<Session> able) {
        return able.size() == 1
                && (able.get(0).longPoll() || able.get(0).workerId().isEmpty())
                && able.get(0).workers().isEmpty();
    }

    private static String unknown(List<Session> able, @Nullable String engine, String name) {
        Set<String> names = ids(able);
        able.forEach(session -> session.workers().stream()
                .filter(worker -> engine == null || worker.engine().equals(engine))
                .forEach(worker -> names.add(worker.name())));
        String start = "the agent has no " + (engine == null ? "" : engine + " ") + "worker \"" + name + "\"; ";
        return names.isEmpty()
                ? start + "none of its sessions has a worker_id or has reported the name of a worker yet"
                : start + "use one of: " + list(names);
    }

    private static Set<String> ids(List<Session> sessions) {
        return sessions.stream()
                .filter(session -> !session.longPoll() && !session.workerId().isEmpty())
                .map(Session::workerId)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Predicate<Session> mayHave(@Nullable String engine) {
        if (engine == null) {
            return session -> true;
        }
        boolean stated = sessions.stream().anyMatch(session -> session.engines().contains(engine));
        return session -> session.engines().contains(engine)
                || (session.engines().isEmpty() && !stated && (session.longPoll() || !otherEngines.contains(engine)));
    }

    private static String list(Set<String> names) {
        String first = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        return names.size() > MOST_NAMES ? first + " and " + (names.size() - MOST_NAMES) + " more" : first;
    }

    private static GanglionException invalid(String field, String why) {
        return new GanglionException(ErrorCode.VALIDATION_FAILED, field + ": " + why, field);
    }
}

package dev.ganglion.chaos;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The totals of a load.
 *
 * @param calls number of REST calls
 * @param failedCalls number of REST calls that failed
 * @param refused number of rejected connections: upgrades with HTTP 429 or 503, and 4429 outside the contest
 * @param atCap number of connections of the contest that were rejected with 4429, as intended
 * @param late whatever had not arrived by the end
 */
record LoadTotals(
        Events events, Commands commands, int calls, int failedCalls, int refused, int atCap, List<String> late) {
    /**
     * The events of a load.
     *
     * @param acked number of events that the brain acknowledged to the agents
     * @param stored number of stored events, including duplicates
     * @param duplicated number of surplus copies of stored events
     * @param lost number of acknowledged events that are not stored
     */
    record Events(long acked, int stored, int duplicated, int lost) {
        boolean good() {
            return duplicated == 0 && lost == 0 && acked == stored;
        }
    }

    /**
     * The commands of a load.
     *
     * @param issued number of commands that REST accepted
     * @param completed number of commands that are completed
     * @param timedOut number of commands that timed out
     * @param twice number of repeated executions that are not allowed
     * @param elsewhere number of repeated executions on another worker process, where they are allowed
     */
    record Commands(int issued, int completed, int timedOut, int twice, int elsewhere) {
        boolean good() {
            return twice == 0 && completed == issued;
        }
    }

    private static final Pattern REFUSED = Pattern.compile("HTTP (429|503)|cap");

    static LoadTotals of(AdminRest calls, String slug, Load load, List<String> late) throws IOException {
        List<JsonObject> events = calls.all("/api/v1/projects/" + slug + "/events");
        Set<String> distinct = new HashSet<>();
        events.forEach(event -> distinct.add(event.getString("id")));
        Set<String> emitted = load.emitted();
        // Emitted events that are not acknowledged do not count as lost; the list of late items names them.
        long missing = emitted.stream().filter(id -> !distinct.contains(id)).count();
        long unacked = emitted.size() - load.acked();
        Map<String, Boolean> issued = load.operator().issued();
        int completed = 0;
        int timedOut = 0;
        for (JsonObject command : calls.all("/api/v1/projects/" + slug + "/commands")) {
            if (issued.containsKey(command.getString("id"))) {
                completed += command.getString("status").equals("completed") ? 1 : 0;
                timedOut += command.getString("status").equals("timeout") ? 1 : 0;
            }
        }
        List<String> again = new ArrayList<>();
        List<String> elsewhere = new ArrayList<>();
        executions(load, issued, again, elsewhere);
        long refused = load.members().stream()
                .flatMap(member -> member.endings().stream())
                .filter(ending -> REFUSED.matcher(ending.reason()).find())
                .count();
        return new LoadTotals(
                new Events(load.acked(), events.size(), events.size() - distinct.size(), (int)
                        Math.max(0, missing - unacked)),
                new Commands(issued.size(), completed, timedOut, again.size(), elsewhere.size()),
                load.operator().made(),
                load.operator().failures().size(),
                (int) refused,
                load.contest().refused(),
                late);
    }

    private static void executions(Load load, Map<String, Boolean> issued, List<String> again, List<String> elsewhere) {
        Map<String, String> first = new HashMap<>();
        for (LoadWorker member : load.members()) {
            String who = member.enrolled().id() + "/" + member.worker();
            for (String command : member.journal()) {
                String before = first.putIfAbsent(command, who);
                if (before != null && !before.equals(who) && Boolean.FALSE.equals(issued.get(command))) {
                    elsewhere.add(command);
                } else if (before != null) {
                    again.add(command);
                }
            }
        }
    }

    /** Returns whether nothing is missing and nothing is surplus. */
    boolean good() {
        return events.good() && commands.good() && late.isEmpty();
    }
}

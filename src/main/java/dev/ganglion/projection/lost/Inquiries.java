package dev.ganglion.projection.lost;

import dev.ganglion.projection.lost.TaskQuestions.Question;
import dev.ganglion.projection.task.SubjectKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides which questions about lost tasks to put, and when: the first at once, the others at growing distances, and at most
 * {@link #MOST_OPEN} at a time for each agent. The store bounds the questions of an agent for the whole cluster. Not
 * thread-safe.
 */
public final class Inquiries {
    /** Most questions to an agent that wait for an answer. */
    public static final int MOST_OPEN = 4;
    /** Most questions to an agent within a minute. */
    public static final int MOST_PER_MINUTE = 30;

    private static final List<Duration> DISTANCES =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ofHours(2));
    private static final Duration BUSY = Duration.ofSeconds(5);

    private final String projectId;
    private final Map<SubjectKey, Inquiry> inquiries = new HashMap<>();
    private final Map<String, Integer> openByAgent = new HashMap<>();

    /** Creates the inquiries of a project. */
    public Inquiries(String projectId) {
        this.projectId = projectId;
    }

    /** The questions about one task. */
    private static final class Inquiry {
        private int asked;
        private long nextNanos;
        private @Nullable Question open;

        private Inquiry(long nowNanos) {
            nextNanos = nowNanos;
        }
    }

    /**
     * Returns the questions to put now with their tasks, and counts them as open. Forgets tasks that are not lost any more.
     *
     * @param nowNanos current reading of a monotonic clock
     * @param lost all lost tasks
     * @param view shows whether an agent has a session that can answer
     */
    public Map<Question, OpenTask> due(long nowNanos, Collection<OpenTask> lost, PresenceView view) {
        Set<SubjectKey> keys = lost.stream().map(OpenTask::key).collect(Collectors.toSet());
        inquiries.entrySet().removeIf(entry -> !keys.contains(entry.getKey()) && entry.getValue().open == null);
        Map<Question, OpenTask> questions = new LinkedHashMap<>();
        for (OpenTask task : lost) {
            Inquiry inquiry = inquiries.computeIfAbsent(task.key(), key -> new Inquiry(nowNanos));
            String agentId = task.lastStart().process().agentId();
            if (inquiry.open == null
                    && inquiry.asked <= DISTANCES.size()
                    && nowNanos - inquiry.nextNanos >= 0
                    && openByAgent.getOrDefault(agentId, 0) < MOST_OPEN
                    && canAnswer(task, view)) {
                Question question = new Question(id(task, inquiry.asked), task.key(), agentId);
                inquiry.open = question;
                openByAgent.merge(agentId, 1, Integer::sum);
                questions.put(question, task);
            }
        }
        return questions;
    }

    private static boolean canAnswer(OpenTask task, PresenceView view) {
        List<PresentProcess> sessions = view.of(task.lastStart().process().agentId());
        return sessions != null
                && sessions.stream()
                        .anyMatch(session -> session.knows(task.key().engine()));
    }

    /** Notes that a question was put and has its outcome. The next one about the task follows later. */
    public void answered(Question question, long nowNanos) {
        Inquiry inquiry = close(question);
        if (inquiry != null) {
            Duration distance = DISTANCES.get(Math.min(inquiry.asked, DISTANCES.size() - 1));
            inquiry.nextNanos = nowNanos + distance.toNanos();
            inquiry.asked++;
        }
    }

    /** Notes that a question could not be put. It is due again soon. */
    public void notAsked(Question question, long nowNanos) {
        Inquiry inquiry = close(question);
        if (inquiry != null) {
            inquiry.nextNanos = nowNanos + BUSY.toNanos();
        }
    }

    private @Nullable Inquiry close(Question question) {
        Inquiry inquiry = inquiries.get(question.task());
        if (inquiry == null || !question.equals(inquiry.open)) {
            return null;
        }
        inquiry.open = null;
        openByAgent.computeIfPresent(question.agentId(), (id, count) -> count > 1 ? (Integer) (count - 1) : null);
        return inquiry;
    }

    /** Makes the id of a question from the task, its start and the number of earlier questions. */
    private String id(OpenTask task, int asked) {
        String text = "reconcile|" + projectId + "|" + task.key().text() + "|"
                + task.lastStart().atMs() + "|" + asked;
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }
}

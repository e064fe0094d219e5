package dev.ganglion.projection.lost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.lost.OpenTask.Start;
import dev.ganglion.projection.lost.PresenceView.Cluster;
import dev.ganglion.projection.lost.TaskQuestions.Question;
import dev.ganglion.projection.run.TextHash;
import dev.ganglion.projection.task.SubjectKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests when the brain asks about lost tasks. */
class InquiriesTest {
    private final Inquiries inquiries = new Inquiries("project");
    private final PresentProcess session =
            new PresentProcess(TextHash.of("w2"), false, null, "task", 0, Set.of("rq"), Set.of());
    private long now;

    private static OpenTask lost(String id) {
        return new OpenTask(
                new SubjectKey("rq", id),
                null,
                List.of(new Start(ProcessKey.of("agent", "w1"), 1_000, 1_000)),
                false,
                new LostMark(2_000, LostMark.Reason.WORKER_ABSENT));
    }

    private List<Question> due(List<OpenTask> lost, PresentProcess... sessions) {
        PresenceView view =
                new PresenceView(0, new Cluster(true, Set.of()), Map.of("agent", List.of(sessions)), Map.of());
        return List.copyOf(inquiries.due(now, lost, view).keySet());
    }

    @Test
    void asksAtOnceAndThenAtGrowingDistances() {
        List<OpenTask> lost = List.of(lost("t"));
        List<Long> minutes = new ArrayList<>();
        for (int minute = 0; minute < 24 * 60; minute++) {
            now = Duration.ofMinutes(minute).toNanos();
            for (Question question : due(lost, session)) {
                minutes.add((long) minute);
                inquiries.answered(question, now);
            }
        }
        assertThat(minutes).containsExactly(0L, 1L, 6L, 36L, 156L);
    }

    @Test
    void asksOnlyIfASessionOfTheEngineCanAnswer() {
        List<OpenTask> lost = List.of(lost("t"));
        assertThat(due(lost)).isEmpty();
        assertThat(due(lost, new PresentProcess(TextHash.of("w2"), false, null, null, 0, Set.of("arq"), Set.of())))
                .isEmpty();
        assertThat(due(lost, session)).hasSize(1);
    }

    @Test
    void hasFewOpenQuestionsForAnAgent() {
        List<OpenTask> lost = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            lost.add(lost("t" + i));
        }
        List<Question> open = due(lost, session);
        assertThat(open).hasSize(Inquiries.MOST_OPEN);
        assertThat(due(lost, session)).isEmpty();
        inquiries.answered(open.get(0), now);
        assertThat(due(lost, session)).hasSize(1).doesNotContain(open.get(0));
    }

    @Test
    void asksAgainSoonIfTheQuestionCouldNotBePut() {
        List<OpenTask> lost = List.of(lost("t"));
        Question question = due(lost, session).get(0);
        inquiries.notAsked(question, now);
        assertThat(due(lost, session)).isEmpty();
        now += Duration.ofSeconds(5).toNanos();
        assertThat(due(lost, session)).containsExactly(question);
    }

    @Test
    void anotherNodeAsksTheSameQuestion() {
        Question question = due(List.of(lost("t")), session).get(0);
        PresenceView view =
                new PresenceView(0, new Cluster(true, Set.of()), Map.of("agent", List.of(session)), Map.of());
        assertThat(new Inquiries("project").due(now, List.of(lost("t")), view).keySet())
                .containsExactly(question);
        assertThat(new Inquiries("other").due(now, List.of(lost("t")), view).keySet())
                .doesNotContain(question);
    }

    @Test
    void forgetsATaskThatIsNotLostAnyMore() {
        inquiries.answered(due(List.of(lost("t")), session).get(0), now);
        assertThat(due(List.of(), session)).isEmpty();
        assertThat(due(List.of(lost("t")), session)).hasSize(1);
    }
}

package dev.ganglion.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.BrainInternals;
import dev.ganglion.command.CommandStore.OwnIssue;
import dev.ganglion.command.CommandStore.OwnLimits;
import dev.ganglion.projection.lost.ProcessPresence;
import dev.ganglion.projection.lost.TaskQuestions;
import dev.ganglion.projection.lost.TaskQuestions.Outcome;
import dev.ganglion.projection.lost.TaskQuestions.Question;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.command.CommandSteps;
import dev.ganglion.testing.wire.WireAgent;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests the commands that the brain itself issues: their order behind those of operators, and their limits. */
@Timeout(60)
class OwnCommandsTest {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    private final EnrolledAgent enrolled = brain.agent();
    private final CommandOperator operator = CommandOperator.to(enrolled);
    private final TaskQuestions questions =
            BrainInternals.lostTasks(brain.brain()).questions();
    private final ProcessPresence.Place place =
            new ProcessPresence.Place(enrolled.view().getString("project_id"), 1);

    private Question question(String task) {
        return new Question(UUID.randomUUID().toString(), new SubjectKey("celery", task), enrolled.id());
    }

    private Future<Outcome> ask(Question question) {
        return questions.ask(place, question);
    }

    private static <T> T await(Future<T> future) {
        return future.timeout(20, TimeUnit.SECONDS).await();
    }

    private List<String> listed() {
        return CommandOperator.ids(operator.list("limit=100"));
    }

    @Test
    void operatorsCommandsOvertakeThoseOfTheBrain() {
        Question question = question("t");
        Future<Outcome> asked = ask(question);
        Awaitility.await().until(() -> listed().contains(question.id()));
        List<String> ids = operator.cancelMany(3);
        try (WireAgent agent = enrolled.connect()) {
            assertThat(CommandSteps.receive(agent, 3)).isEqualTo(ids);
            CommandSteps.receive(agent, question.id());
            CommandSteps.complete(agent, question.id(), new JsonObject().put("engine_state", "pending"));
            assertThat(await(asked)).isInstanceOf(TaskQuestions.Answered.class);
        }
    }

    @Test
    void anAgentHasFewOpenQuestions() {
        List<Question> open = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Question question = question("t" + i);
            open.add(question);
            ask(question).onComplete(done -> {});
            Awaitility.await().until(() -> listed().contains(question.id()));
        }
        assertThat(await(ask(question("more")))).isInstanceOf(TaskQuestions.Busy.class);
        assertThat(operator.page("limit=100").getJsonArray("items")).hasSize(4);
        assertThat(operator.get(open.get(0).id()).getString("issued_by")).isEqualTo("brain");
    }

    @Test
    void theSameQuestionIsPutOnce() {
        Question question = question("t");
        try (WireAgent agent = enrolled.connect()) {
            Future<Outcome> asked = ask(question);
            CommandSteps.receive(agent, question.id());
            JsonObject answer = new JsonObject().put("engine_state", "success");
            CommandSteps.complete(agent, question.id(), answer);
            Outcome first = await(asked);
            assertThat(await(ask(question))).isEqualTo(first).isInstanceOf(TaskQuestions.Answered.class);
            CommandSteps.assertNothingReceived(agent);
        }
    }

    @Test
    void aFailureIsNoAnswer() {
        Question question = question("t");
        try (WireAgent agent = enrolled.connect()) {
            Future<Outcome> asked = ask(question);
            CommandSteps.receive(agent, question.id());
            CommandSteps.fail(agent, question.id(), "unsupported", "this agent does not know reconcile_task");
            assertThat(await(asked)).isInstanceOf(TaskQuestions.Unanswered.class);
        }
        assertThat(await(questions.ask(
                        place, new Question(UUID.randomUUID().toString(), new SubjectKey("celery", "t"), "nobody"))))
                .isInstanceOf(TaskQuestions.Unanswered.class);
    }

    private OwnIssue issue(OwnLimits limits) {
        CommandTicket.Order order = new CommandTicket.Order(
                enrolled.id(),
                Verb.RECONCILE_TASK,
                Json.parse("{}"),
                new CommandTicket.LibraryForm(
                        "reconcile_task", "task", "celery:t", Json.parse("{}"), Json.parse("{}"), "celery", null),
                1,
                CommandIssuer.BRAIN,
                List.of());
        return await(brain.brain()
                .stores()
                .commands()
                .issueOwn(
                        new CommandStore.Place(place.projectId(), 1, 0),
                        UUID.randomUUID().toString(),
                        order,
                        limits));
    }

    @Test
    void anAgentReceivesFewQuestionsAMinute() {
        OwnLimits limits = new OwnLimits(100, 3, 100);
        assertThat(List.of(issue(limits), issue(limits), issue(limits), issue(limits)))
                .containsExactly(OwnIssue.STORED, OwnIssue.STORED, OwnIssue.STORED, OwnIssue.BUSY);
    }

    @Test
    void theNewestQuestionsAreKept() {
        OwnLimits limits = new OwnLimits(100, 100, 2);
        for (int i = 0; i < 4; i++) {
            assertThat(issue(limits)).isEqualTo(OwnIssue.STORED);
        }
        assertThat(listed()).as("open ones").hasSize(4);
        String operators = operator.cancel("t");
        Awaitility.await().until(() -> operator.list("status=timeout").size() == 4);
        assertThat(issue(limits)).isEqualTo(OwnIssue.STORED);
        assertThat(listed()).hasSize(3).contains(operators);
    }
}

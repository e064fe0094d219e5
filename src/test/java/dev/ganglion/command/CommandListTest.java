package dev.ganglion.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.command.CommandSteps;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests the list of commands: order, pages and filters. */
class CommandListTest {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final EnrolledAgent enrolled = brain.agent();
    private final CommandOperator operator = CommandOperator.to(enrolled);

    private List<String> issuedAtOnce(int count) {
        return IntStream.range(0, count)
                .parallel()
                .mapToObj(i -> operator.cancel("t" + i))
                .toList();
    }

    @Test
    void listsEachCommandOnceNewestFirstOnPagesOfAnySize() {
        List<String> issued = operator.cancelMany(25);
        Collections.reverse(issued);
        for (int size : new int[] {1, 2, 7, 24, 25, 26, 500}) {
            assertThat(CommandOperator.ids(operator.list("limit=" + size)))
                    .hasSameElementsAs(issued)
                    .hasSize(25);
        }
        assertThat(operator.list("limit=3"))
                .isSortedAccordingTo(Comparator.<JsonObject, String>comparing(command -> command.getString("issued_at"))
                        .reversed());
        assertThat(operator.page("limit=25").getString("next_cursor")).isNull();
        assertThat(operator.page("limit=24").getString("next_cursor")).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void keepsTheOrderOfCommandsWithEqualTimesAcrossPages() {
        List<String> issued = issuedAtOnce(200);
        long times = operator.list("limit=500").stream()
                .map(command -> command.getString("issued_at"))
                .distinct()
                .count();
        assertThat(times).as("some commands have equal times").isLessThan(200);
        for (int size : new int[] {1, 3, 50}) {
            assertThat(CommandOperator.ids(operator.list("limit=" + size))).containsExactlyInAnyOrderElementsOf(issued);
        }
    }

    @Test
    void keepsLaterPagesStableWhileNewCommandsAreIssued() {
        List<String> issued = operator.cancelMany(6);
        JsonObject first = operator.page("limit=3");
        operator.cancelMany(3);

        JsonObject second = operator.page("limit=3&cursor=" + first.getString("next_cursor"));

        List<String> both = new ArrayList<>(CommandOperator.ids(CommandOperator.items(first)));
        both.addAll(CommandOperator.ids(CommandOperator.items(second)));
        assertThat(both).containsExactlyInAnyOrderElementsOf(issued);
    }

    @Test
    void filtersByStatusAndAgent() {
        CommandOperator others = CommandOperator.to(brain.agent(enrolled.slug(), new JsonObject()));
        others.cancelMany(3);
        try (WireAgent agent = enrolled.connect()) {
            List<String> ids = operator.cancelMany(4);
            assertThat(CommandSteps.receive(agent, 4)).isEqualTo(ids);
            CommandSteps.acknowledgeDurably(agent, ids.get(1));
            CommandSteps.complete(agent, ids.get(2), 1);
            CommandSteps.fail(agent, ids.get(3), "code", "message");

            assertThat(CommandOperator.ids(operator.list("status=dispatched"))).containsExactly(ids.get(0));
            assertThat(CommandOperator.ids(operator.list("status=acknowledged")))
                    .containsExactly(ids.get(1));
            assertThat(CommandOperator.ids(operator.list("status=completed"))).containsExactly(ids.get(2));
            assertThat(CommandOperator.ids(operator.list("status=failed"))).containsExactly(ids.get(3));
            assertThat(operator.list("status=pending&limit=2")).hasSize(3);
            assertThat(operator.list("status=timeout")).isEmpty();
            assertThat(operator.list("agent_id=" + operator.agentId() + "&limit=2"))
                    .hasSize(4);
            assertThat(operator.list("status=pending&agent_id=" + operator.agentId()))
                    .isEmpty();
            assertThat(operator.list("agent_id=nobody")).isEmpty();
        }
    }

    @Test
    void servesConcurrentReadersOfALongList() {
        List<String> issued = issuedAtOnce(1_100);

        List<Integer> found = IntStream.range(0, 8)
                .parallel()
                .mapToObj(i -> operator.list("limit=500&agent_id=" + operator.agentId())
                        .size())
                .toList();

        assertThat(found).containsOnly(issued.size());
        assertThat(operator.list("status=failed")).isEmpty();
    }

    @Test
    void skipsEvictedCommandsWithoutEndingTheList() {
        List<String> issued = issuedAtOnce(1_100);
        String newest = CommandOperator.ids(CommandOperator.items(operator.page("limit=1")))
                .get(0);
        String key = brain.redis().call("KEYS", "*:command:" + newest);
        brain.redis().call("DEL", key);

        assertThat(CommandOperator.ids(operator.list("limit=500&status=pending")))
                .hasSize(issued.size() - 1)
                .doesNotContain(newest);
    }

    @Test
    void rejectsInvalidCursorsAndFilters() {
        for (String query :
                new String[] {"cursor=x", "cursor=" + "a".repeat(513), "status=done", "limit=0", "limit=501"}) {
            assertThat(brain.rest().get(operator.path() + "?" + query).status())
                    .as(query)
                    .isIn(400, 422);
        }
    }
}

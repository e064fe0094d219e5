package dev.ganglion.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandMemoryTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final CommandOutcome DONE = CommandOutcome.done(Json.EMPTY_OBJECT);

    private final CommandMemory memory = new CommandMemory();

    @Test
    void evicts_only_acked_outcomes_when_it_is_full() {
        for (int i = 0; i < CommandMemory.MAX_COMMANDS; i++) {
            assertThat(memory.open("c" + i, START)).isTrue();
        }
        assertThat(memory.open("one more", START)).isFalse();

        assertThat(memory.done("c5", DONE)).isTrue();
        assertThat(memory.open("one more", START)).isFalse();
        assertThat(unstored()).containsExactly("c5");

        memory.stored("c5");

        assertThat(memory.open("one more", START)).isTrue();
        assertThat(memory.find("c5")).isNull();
        assertThat(memory.find("c0")).isInstanceOf(CommandRecord.Open.class);
    }

    @Test
    void forgets_finished_commands_after_an_hour() {
        assertThat(memory.open("old", START)).isTrue();
        assertThat(memory.done("old", DONE)).isTrue();
        assertThat(memory.open("open", START)).isTrue();

        assertThat(memory.open("new", START.plus(CommandMemory.RETENTION))).isTrue();

        assertThat(memory.find("old")).isNull();
        assertThat(memory.find("open")).isNotNull();
        assertThat(memory.unanswered()).isEqualTo(2);
    }

    @Test
    void keeps_the_first_outcome_until_the_brain_acks_it() {
        assertThat(memory.open("c", START)).isTrue();
        assertThat(memory.done("c", DONE)).isTrue();
        assertThat(memory.done("c", CommandOutcome.failed("late", "too late"))).isFalse();
        assertThat(unstored()).containsExactly("c");

        memory.stored("c");
        memory.stored("c");
        memory.stored("never seen");

        assertThat(unstored()).isEmpty();
        assertThat(memory.unanswered()).isZero();
        assertThat(memory.find("c"))
                .isInstanceOfSatisfying(
                        CommandRecord.Done.class,
                        done -> assertThat(done.outcome()).isEqualTo(DONE));
    }

    @Test
    void cuts_a_large_result_once_the_brain_acked_it() {
        Json large = Json.string("x".repeat(100_000));
        assertThat(memory.open("c", START)).isTrue();
        assertThat(memory.done("c", CommandOutcome.done(large))).isTrue();

        memory.stored("c");

        assertThat(memory.find("c"))
                .isInstanceOfSatisfying(
                        CommandRecord.Done.class,
                        done -> assertThat(done.outcome().result().text()).contains("\"cut\":true"));
    }

    private List<String> unstored() {
        List<String> ids = new ArrayList<>();
        memory.forEachUnstored((id, outcome) -> ids.add(id));
        return ids;
    }
}

package dev.ganglion.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SocketBudgetTest {
    private static final int KIB = 1024;

    private final List<String> cut = new ArrayList<>();
    private int cuts;
    private final SocketBudget budget = new SocketBudget(100 * KIB, () -> cuts++);

    private SocketBudget.Share share(String name) {
        return budget.share(() -> cut.add(name));
    }

    @Test
    void countsWhatSocketsHoldInSteps() {
        SocketBudget.Share share = share("a");
        share.hold(SocketBudget.STEP_BYTES - 1);
        assertThat(budget.used()).isZero();
        share.hold(SocketBudget.STEP_BYTES);
        assertThat(budget.used()).isEqualTo(SocketBudget.STEP_BYTES);
        share.hold(10 * KIB);
        assertThat(budget.used()).isEqualTo(8 * KIB);
        share.hold(0);
        assertThat(budget.used()).isZero();
        assertThat(cut).isEmpty();
    }

    @Test
    void cutsTheSocketThatHoldsMost() {
        share("small").hold(30 * KIB);
        share("large").hold(50 * KIB);
        share("last").hold(30 * KIB);

        assertThat(cut).containsExactly("large");
        assertThat(cuts).isEqualTo(1);
    }

    @Test
    void cutsAFurtherSocketOnlyIfItTakesMoreThanAnEighthAboveTheLimit() {
        SocketBudget.Share large = share("large");
        large.hold(96 * KIB);
        SocketBudget.Share other = share("other");
        other.hold(8 * KIB);
        assertThat(cut).containsExactly("large");
        other.hold(60 * KIB);
        assertThat(cut).containsExactly("large", "other");
        large.hold(0);
        other.hold(96 * KIB);

        assertThat(budget.used()).isEqualTo(96 * KIB);
    }

    @Test
    void cutsNothingAtTheLimitAndASocketOneStepAboveIt() {
        share("large").hold(60 * KIB);
        SocketBudget.Share small = share("small");
        small.hold(40 * KIB);
        assertThat(budget.used()).isEqualTo(budget.maxBytes());
        assertThat(cut).isEmpty();
        small.hold(40 * KIB + SocketBudget.STEP_BYTES);
        assertThat(cut).containsExactly("large");
    }

    @Test
    void cutsNoFurtherSocketExactlyAnEighthAboveTheLimit() {
        SocketBudget of128 = new SocketBudget(128 * KIB, () -> cuts++);
        of128.share(() -> cut.add("large")).hold(128 * KIB);
        SocketBudget.Share other = of128.share(() -> cut.add("other"));
        other.hold(16 * KIB);
        assertThat(cut).containsExactly("large");
        other.hold(16 * KIB + SocketBudget.STEP_BYTES);
        assertThat(cut).containsExactly("large", "other");
    }

    @Test
    void cutsAgainAfterACutSocketReturnedItsBytes() {
        SocketBudget.Share large = share("large");
        large.hold(100 * KIB);
        share("second").hold(SocketBudget.STEP_BYTES);
        large.hold(0);
        share("third").hold(100 * KIB);
        assertThat(cut).containsExactly("large", "third");
    }

    @Test
    void cutsNoMoreSocketsThanItTakesToReachTheLimit() {
        for (int i = 0; i <= 100 * KIB / SocketBudget.STEP_BYTES; i++) {
            share("s" + i).hold(SocketBudget.STEP_BYTES);
        }
        assertThat(cut).hasSize(1);
    }
}

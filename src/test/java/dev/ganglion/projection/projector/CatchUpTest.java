package dev.ganglion.projection.projector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Tests how a projection that is far behind tells how far it is. */
class CatchUpTest {
    private static final long FAR = CatchUp.FAR_BEHIND.toMillis() + 1;

    private final CatchUp catchUp = new CatchUp("slug", () -> 0);

    @Test
    void tellsTheShareOfTheBatchesThatAreProjected() {
        catchUp.begin();
        assertThat(catchUp.measure(200, FAR)).isZero();
        assertThat(catchUp.measure(50, FAR)).isEqualTo(0.75);
        assertThat(catchUp.measure(400, FAR))
                .as("more arrived than were projected")
                .isZero();
        assertThat(catchUp.measure(1, 0)).isEqualTo(1);
        assertThat(catchUp.measure(400, FAR))
                .as("later load is lag, not a rebuild")
                .isEqualTo(1);
    }

    @Test
    void aProjectionThatBeginsCloseToItsStreamHasCaughtUp() {
        catchUp.begin();
        assertThat(catchUp.measure(200, 1_000)).isEqualTo(1);
    }
}

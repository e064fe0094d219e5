package dev.ganglion.bus.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the largest frames of the connections between nodes, and the order of sealed frames. */
class FrameCutterTest {
    private final List<Integer> lengths = new ArrayList<>();
    private final AtomicInteger wrong = new AtomicInteger();
    private final FrameCutter cutter =
            new FrameCutter(frame -> lengths.add(frame.length()), () -> wrong.incrementAndGet());

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cutsFramesUpToTheLimitAndNoneThatIsOneByteLarger(boolean authenticated) {
        int most = authenticated ? Limits.MAX_FRAME : Limits.MAX_UNAUTHENTICATED_FRAME;
        if (authenticated) {
            cutter.authenticated();
        }
        Buffer largest = FrameCutter.framed(Buffer.buffer(new byte[most]));
        cutter.handle(largest.slice(0, 3));
        cutter.handle(largest.slice(3, 500));
        cutter.handle(largest.slice(500, largest.length()));
        cutter.handle(FrameCutter.framed(Buffer.buffer(new byte[1])));
        assertThat(lengths).containsExactly(most, 1);
        assertThat(wrong).hasValue(0);

        cutter.handle(Buffer.buffer().appendInt(most + 1));
        cutter.handle(FrameCutter.framed(Buffer.buffer(new byte[1])));
        assertThat(lengths).hasSize(2);
        assertThat(wrong).hasValue(1);
    }

    @Test
    void opensNoFrameBehindALostOne() throws Seal.RefusedException {
        byte[] key = LinkedNode.keys("secret").get(0);
        Seal sender = new Seal(key);
        Seal receiver = new Seal(key);
        Buffer first = sender.seal(Seal.PING, Buffer.buffer());
        Buffer second = sender.seal(Seal.PING, Buffer.buffer());

        assertThatThrownBy(() -> receiver.open(second.slice(Integer.BYTES, second.length())))
                .isInstanceOfSatisfying(
                        Seal.RefusedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Refusal.REPLAY));
        assertThat(receiver.open(first.slice(Integer.BYTES, first.length())).type())
                .isEqualTo(Seal.PING);
    }
}

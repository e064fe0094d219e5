package dev.ganglion.cluster;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Tests that a header of Hazelcast's protocol cannot make a node reserve more memory than its share. */
class MemberPacketsTest {
    private static final int HEAP = 8_000;

    private final MemberPackets packets = new MemberPackets(HEAP);

    /** Returns a header that announces a length, followed by this many bytes of the packet. */
    private static ByteBuffer packet(int length, int sent) {
        return ByteBuffer.allocate(11 + sent)
                .put((byte) 4)
                .putChar('f')
                .putInt(-1)
                .putInt(length)
                .put(new byte[sent])
                .flip();
    }

    @Test
    void aLengthOf2GiBOrBelowZeroIsRefused() {
        for (int length : new int[] {Integer.MAX_VALUE, -1, Integer.MIN_VALUE, HEAP / 8 + 1}) {
            assertThatThrownBy(() -> packets.new Lengths().check(packet(length, 0)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("limit");
        }
    }

    @Test
    void packetsInPartsAndInRowsAreFollowed() {
        MemberPackets.Lengths lengths = packets.new Lengths();
        lengths.check(packet(1_000, 400));
        lengths.check(ByteBuffer.allocate(600));
        lengths.check(packet(0, 0));
        ByteBuffer both = ByteBuffer.allocate(100).put(packet(10, 10)).put(packet(Integer.MAX_VALUE, 0));
        assertThatThrownBy(() -> lengths.check(both.flip())).hasMessageContaining("" + Integer.MAX_VALUE);
    }

    @Test
    void anIncompleteHeaderIsCheckedWhenItIsComplete() {
        MemberPackets.Lengths lengths = packets.new Lengths();
        ByteBuffer whole = packet(Integer.MAX_VALUE, 0);
        lengths.check(whole.duplicate().limit(10));
        assertThatThrownBy(() -> lengths.check(whole)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void connectionsShareOneBudgetAndGiveItBackAtTheirEnd() {
        MemberPackets.Lengths first = packets.new Lengths();
        MemberPackets.Lengths second = packets.new Lengths();
        first.check(packet(1_000, 0));
        second.check(packet(1_000, 0));
        assertThatThrownBy(() -> packets.new Lengths().check(packet(1, 0))).hasMessageContaining("on their way");
        first.end();
        assertThatCode(() -> packets.new Lengths().check(packet(1_000, 1))).doesNotThrowAnyException();
    }
}

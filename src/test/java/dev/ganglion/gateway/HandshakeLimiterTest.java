package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.config.HandshakeConfig;
import org.junit.jupiter.api.Test;

class HandshakeLimiterTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = System.nanoTime();

    private static int admitted(HandshakeLimiter limiter, String address, int tries, long now) {
        int in = 0;
        for (int i = 0; i < tries; i++) {
            in += limiter.admit(address, now) == 0 ? 1 : 0;
        }
        return in;
    }

    @Test
    void admitsABurstAndThenTheRate() {
        HandshakeLimiter limiter = new HandshakeLimiter(new HandshakeConfig(2, 10));
        assertThat(admitted(limiter, "a", 20, START)).isEqualTo(10);
        assertThat(admitted(limiter, "a", 20, START + 3 * SECOND)).isEqualTo(6);
        assertThat(admitted(limiter, "a", 20, START + 1000 * SECOND)).isEqualTo(10);
    }

    @Test
    void returnsTheSecondsToWait() {
        HandshakeLimiter limiter = new HandshakeLimiter(new HandshakeConfig(1, 1));
        assertThat(limiter.admit("a", 0)).isZero();
        assertThat(limiter.admit("a", 0)).isEqualTo(1);
        assertThat(limiter.admit("a", SECOND / 2)).isEqualTo(1);
        assertThat(limiter.admit("a", SECOND)).isZero();
    }

    @Test
    void grantsEveryAddressItsOwnBurst() {
        HandshakeLimiter limiter = new HandshakeLimiter(new HandshakeConfig(1, 3));
        assertThat(admitted(limiter, "a", 9, 0)).isEqualTo(3);
        assertThat(admitted(limiter, "b", 9, 0)).isEqualTo(3);
    }

    @Test
    void treatsARateOfZeroAsUnlimited() {
        HandshakeLimiter limiter = new HandshakeLimiter(new HandshakeConfig(0, 1));
        assertThat(admitted(limiter, "a", 5000, 0)).isEqualTo(5000);
    }

    @Test
    void evictsTheLeastRecentlySeenAddress() {
        HandshakeLimiter limiter = new HandshakeLimiter(new HandshakeConfig(1, 1));
        assertThat(limiter.admit("first", 0)).isZero();
        assertThat(limiter.admit("second", 0)).isZero();
        for (int i = 0; i < HandshakeLimiter.ADDRESSES - 2; i++) {
            assertThat(limiter.admit("10." + i, 0)).isZero();
        }
        assertThat(limiter.admit("first", 0)).isEqualTo(1);
        assertThat(limiter.admit("one more", 0)).isZero();
        assertThat(limiter.admit("first", 0)).isEqualTo(1);
        assertThat(limiter.admit("second", 0)).isZero();
    }

    @Test
    void countsAnIpv6NetworkOf64BitsAsOneClient() {
        HandshakeLimiter limiter = new HandshakeLimiter(new HandshakeConfig(1, 3));
        int in = 0;
        for (int i = 0; i < 60; i++) {
            in += limiter.admit("2001:db8:0:7::" + Integer.toHexString(i), 0) == 0 ? 1 : 0;
        }
        assertThat(in).as("admitted of 60 addresses of a /64").isEqualTo(3);
        assertThat(admitted(limiter, "2001:db8:0:8::1", 9, 0))
                .as("the next /64")
                .isEqualTo(3);
    }

    @Test
    void countsAllSpellingsOfAnAddressAsOneClient() {
        HandshakeLimiter limiter = new HandshakeLimiter(new HandshakeConfig(1, 1));
        assertThat(limiter.admit("2001:db8::7", 0)).isZero();
        assertThat(limiter.admit("2001:DB8:0:0:0:0:0:7", 0)).isEqualTo(1);
        assertThat(limiter.admit("2001:db8::0:7", 0)).isEqualTo(1);
        assertThat(limiter.admit("2001:0db8:0000::0007", 0)).isEqualTo(1);
        assertThat(limiter.admit("192.0.2.7", 0)).isZero();
        assertThat(limiter.admit("::ffff:192.0.2.7", 0)).isEqualTo(1);
        assertThat(limiter.admit("::ffff:c000:207", 0)).isEqualTo(1);
        assertThat(limiter.admit("192.0.2.8", 0)).as("another IPv4 address").isZero();
    }
}

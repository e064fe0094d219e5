package dev.ganglion.store;

import dev.ganglion.auth.LoginThrottle;
import dev.ganglion.auth.ThrottledException;
import dev.ganglion.auth.TokenHash;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;

/** Counters of failed logins that end with their window. */
final class RedisLoginThrottle implements LoginThrottle {
    /** Failures of one account in a window. */
    static final int OF_ACCOUNT = 10;
    /** Failures from one address in a window: many people may share one. */
    static final int OF_ADDRESS = 50;

    private static final Duration WINDOW = Duration.ofMinutes(15);
    private static final int IPV6_BYTES = 16;
    /** One household has at least so much of IPv6. */
    private static final int IPV6_NETWORK_BYTES = 8;

    private final SharedLine line;

    RedisLoginThrottle(SharedLine line) {
        this.line = line;
    }

    @Override
    public Future<Void> attempt(String email, String address) {
        return line.send(call(Script.LOGIN_ATTEMPT, email, address)
                        .add(OF_ACCOUNT)
                        .add(OF_ADDRESS)
                        .add(WINDOW.toMillis())
                        .request())
                .compose(wait -> wait.toLong() == 0
                        ? Future.succeededFuture()
                        : Future.failedFuture(new ThrottledException(
                                "too many failed logins; wait as long as Retry-After says",
                                Duration.ofMillis(wait.toLong()))));
    }

    @Override
    public Future<Void> succeeded(String email, String address) {
        return line.send(call(Script.LOGIN_SUCCESS, email, address).request()).mapEmpty();
    }

    private static Arguments call(Script script, String email, String address) {
        return Arguments.of(script, 2)
                .add(Keys.People.failuresOfAccount(TokenHash.of(email)))
                .add(Keys.People.failuresOfAddress(network(address)));
    }

    private static String network(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        return bytes != null && bytes.length == IPV6_BYTES
                ? HexFormat.of().formatHex(Arrays.copyOf(bytes, IPV6_NETWORK_BYTES))
                : address;
    }
}

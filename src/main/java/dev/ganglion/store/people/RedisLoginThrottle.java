package dev.ganglion.store.people;

import dev.ganglion.auth.TokenHash;
import dev.ganglion.auth.people.LoginThrottle;
import dev.ganglion.auth.people.ThrottledException;
import dev.ganglion.config.value.IpAddress;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Script;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import java.time.Duration;

/** Limits failed logins per account and per address. The counters expire with their window. */
final class RedisLoginThrottle implements LoginThrottle {
    /** Most failed logins of one account within the window. */
    static final int OF_ACCOUNT = 10;
    /** Most failed logins from one address within the window. Many people may share an address. */
    static final int OF_ADDRESS = 50;

    private static final Duration WINDOW = Duration.ofMinutes(15);

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
                                "too many failed logins; wait for the time in the Retry-After header",
                                Duration.ofMillis(wait.toLong()))));
    }

    @Override
    public Future<Void> succeeded(String email, String address) {
        return line.send(call(Script.LOGIN_SUCCESS, email, address).request()).mapEmpty();
    }

    private static Arguments call(Script script, String email, String address) {
        return Arguments.of(script, 2)
                .add(RedisKeys.People.failuresOfAccount(TokenHash.of(email)))
                .add(RedisKeys.People.failuresOfAddress(IpAddress.networkOf(address)));
    }
}

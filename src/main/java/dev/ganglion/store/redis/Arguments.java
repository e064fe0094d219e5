package dev.ganglion.store.redis;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;

/** Builds a Redis request whose arguments are added one by one, in loops. */
public final class Arguments {
    private final Request request;

    private Arguments(Request request) {
        this.request = request;
    }

    public static Arguments of(Command command) {
        return new Arguments(Request.cmd(command));
    }

    /**
     * Starts a call of a script that Redis has loaded.
     *
     * @param keys number of the arguments that follow, from the first, that are keys
     */
    public static Arguments of(Script script, int keys) {
        return of(Command.EVALSHA).add(script.sha()).add(keys);
    }

    /**
     * Starts a small write that Redis makes even while its memory limit is reached. Only for writes whose number is
     * bounded.
     */
    public static Arguments evenIfFull(Command command, String key) {
        return of(Script.EVEN_IF_FULL, 1).add(key).add(command.toString());
    }

    @CanIgnoreReturnValue
    public Arguments add(String argument) {
        Request same = request.arg(argument);
        assert same == request;
        return this;
    }

    @CanIgnoreReturnValue
    public Arguments add(long argument) {
        Request same = request.arg(argument);
        assert same == request;
        return this;
    }

    /** Adds an array without copying it. The caller must not change the array until the request is sent. */
    @CanIgnoreReturnValue
    public Arguments add(byte[] argument) {
        Request same = request.arg(argument);
        assert same == request;
        return this;
    }

    public Request request() {
        return request;
    }
}

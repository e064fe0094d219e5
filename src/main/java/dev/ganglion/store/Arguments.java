package dev.ganglion.store;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;

/** A request whose arguments come in loops. */
final class Arguments {
    private final Request request;

    private Arguments(Request request) {
        this.request = request;
    }

    static Arguments of(Command command) {
        return new Arguments(Request.cmd(command));
    }

    /** A call of a script that is loaded; {@code keys} of the arguments that follow are keys. */
    static Arguments of(Script script, int keys) {
        return of(Command.EVALSHA).add(script.sha()).add(keys);
    }

    @CanIgnoreReturnValue
    Arguments add(String argument) {
        Request same = request.arg(argument);
        assert same == request;
        return this;
    }

    @CanIgnoreReturnValue
    Arguments add(long argument) {
        Request same = request.arg(argument);
        assert same == request;
        return this;
    }

    /** These bytes themselves: they are not to change until the request is sent. */
    @CanIgnoreReturnValue
    Arguments add(byte[] argument) {
        Request same = request.arg(argument);
        assert same == request;
        return this;
    }

    Request request() {
        return request;
    }
}

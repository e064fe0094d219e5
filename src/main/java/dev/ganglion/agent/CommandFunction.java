package dev.ganglion.agent;

import dev.ganglion.protocol.Command;

/** Carries a command out on a thread that it may block; what it throws is a failure. */
@FunctionalInterface
public interface CommandFunction {
    CommandOutcome apply(Command command) throws Exception;
}

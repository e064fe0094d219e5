package dev.ganglion.agent;

import dev.ganglion.protocol.frame.Command;

/** Carries out a command on a thread that the function may block. A thrown exception makes the command fail. */
@FunctionalInterface
public interface CommandFunction {
    CommandOutcome apply(Command command) throws Exception;
}

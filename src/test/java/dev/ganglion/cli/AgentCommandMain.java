package dev.ganglion.cli;

import picocli.CommandLine;

/** Runs only the agent command, for tests that start it as a process. */
final class AgentCommandMain {
    private AgentCommandMain() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new AgentCommand()).execute(args));
    }
}

package dev.ganglion.cli;

import dev.ganglion.Version;
import picocli.CommandLine.Command;

/** Implements {@code ganglion version}, which prints the version. */
@Command(name = "version", description = "Print the version.")
final class VersionCommand implements Runnable {
    private final Console console;

    VersionCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        console.out().println(Version.line());
    }
}

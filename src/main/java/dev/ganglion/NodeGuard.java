package dev.ganglion;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A shell ({@code guard.sh}) that holds the other end of a pipe of ours: when this process ends without having ended its
 * nodes, it kills those that cannot end by themselves.
 */
final class NodeGuard {
    private final Process shell;

    private NodeGuard(Process shell) {
        this.shell = shell;
    }

    static NodeGuard start() throws IOException {
        List<String> command = new ArrayList<>(OwnSession.prefix());
        command.addAll(List.of("sh", "-c", ShellScript.code("/nodes/guard.sh"), "ganglion-nodes"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().retainAll(Set.of("PATH"));
        return new NodeGuard(builder.start());
    }

    /** Watches over one node more. */
    void add(long pid) throws IOException {
        shell.getOutputStream().write((pid + "\n").getBytes(US_ASCII));
        shell.getOutputStream().flush();
    }

    /** All nodes have ended. */
    void stop() {
        Process unused = shell.destroyForcibly();
    }
}

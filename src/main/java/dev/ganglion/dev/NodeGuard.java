package dev.ganglion.dev;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.ganglion.dev.redis.ShellScript;
import dev.ganglion.dev.redis.TerminalSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A shell process ({@code guard.sh}) that kills the nodes if this process ends without stopping them. The shell reads a
 * pipe from this process; the pipe closes when this process ends.
 *
 * <p>The guard is for nodes that cannot end by themselves, such as frozen ones.
 */
final class NodeGuard {
    private final Process shell;

    private NodeGuard(Process shell) {
        this.shell = shell;
    }

    static NodeGuard start() throws IOException {
        List<String> command = new ArrayList<>(TerminalSession.prefix());
        command.addAll(List.of("sh", "-c", ShellScript.code("/nodes/guard.sh"), "ganglion-nodes"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().retainAll(Set.of("PATH"));
        return new NodeGuard(builder.start());
    }

    /** Adds a node to the processes that the shell kills. */
    void add(long pid) throws IOException {
        shell.getOutputStream().write((pid + "\n").getBytes(US_ASCII));
        shell.getOutputStream().flush();
    }

    /** Ends the shell after all nodes have ended. */
    void stop() {
        Process unused = shell.destroyForcibly();
    }
}

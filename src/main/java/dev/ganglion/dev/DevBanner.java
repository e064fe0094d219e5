package dev.ganglion.dev;

import dev.ganglion.Version;
import dev.ganglion.config.GanglionConfig;
import java.io.PrintWriter;
import java.util.List;

/** Prints the instructions that {@code dev} shows when it is ready. */
public final class DevBanner {
    private final PrintWriter out;
    private final GanglionConfig config;
    private final int port;

    public DevBanner(PrintWriter out, GanglionConfig config, int port) {
        this.out = out;
        this.config = config;
        this.port = port;
    }

    /**
     * Prints the instructions.
     *
     * @param nodes descriptions of the nodes that run as separate processes; empty if the brain runs in this process
     */
    public void print(DevHome home, DemoProject.Credentials agent, List<String> nodes) {
        String url = LocalBrainClient.url(config, port, "http");
        out.printf("%nGanglion %s is ready: %s%n", Version.current(), url);
        nodes.forEach(node -> out.printf("  node              %s%n", node));
        out.printf("  data and secrets  %s%n", home.path());
        config.security().adminKey().ifPresent(key -> out.printf("  admin key         %s%n", key.value()));
        out.printf("%nTo connect your own agent, paste this into its environment:%n%n");
        // Released agents accept only http and https URLs, and derive the WebSocket address from them.
        out.printf("export Z4J_BRAIN_URL=%s%n", url);
        out.printf("export Z4J_TOKEN=%s%n", agent.token().value());
        out.printf("export Z4J_PROJECT_ID=%s%n", agent.projectId());
        out.printf("export Z4J_AGENT_ID=%s%n", agent.agentId());
        out.printf("export Z4J_HMAC_SECRET=%s%n", agent.hmacSecret().value());
        out.printf("%nTo see the events that arrive:%n%n");
        config.security()
                .adminKey()
                .ifPresent(key -> out.printf(
                        "curl -s -H 'Authorization: Bearer %s' '%s/api/v1/projects/%s/events?limit=5'%n",
                        key.value(), url, DemoProject.SLUG));
        out.printf("%nCtrl-C stops everything. The next start continues with the same data.%n");
        out.flush();
    }
}

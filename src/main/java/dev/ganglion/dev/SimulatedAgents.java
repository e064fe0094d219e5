package dev.ganglion.dev;

import dev.ganglion.RunningBrain;
import dev.ganglion.agent.Agent;
import dev.ganglion.agent.AgentHost;
import dev.ganglion.agent.AgentOptions;
import dev.ganglion.agent.AgentProfile;
import dev.ganglion.agent.simulation.SimulatedCommands;
import dev.ganglion.agent.simulation.SimulatedTaskEvents;
import dev.ganglion.agent.simulation.SimulatedWorkload;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.config.TlsFiles;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/** The simulated agents of {@code dev}: real agents on real sockets, with invented tasks. */
public final class SimulatedAgents {
    private static final double EVENTS_PER_SECOND = 2;
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(3);

    private final List<String> urls;
    private final GanglionConfig config;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final AgentHost host = AgentHost.on(vertx);
    private final List<Agent> agents = new CopyOnWriteArrayList<>();

    /** Prepares agents that are distributed over the URLs of the nodes. */
    public SimulatedAgents(GanglionConfig config, List<String> urls) {
        this.config = config;
        this.urls = urls;
    }

    /** Connects {@code count} agents of the demo project, which stream events. */
    public void start(DemoProject demo, int count) throws Exception {
        for (int i = 1; i <= count; i++) {
            DemoProject.Credentials credentials = demo.agent("simulated-" + i);
            String worker = "worker-" + i;
            String url = urls.get((i - 1) % urls.size());
            AgentOptions options = AgentOptions.of(url, credentials.token(), credentials.hmacSecret())
                    .withProfile(AgentProfile.simulated(worker).withHostName("simulated-" + i))
                    .withTls(config.http().tls().map(SimulatedAgents::trusting).orElse(null));
            String name = AgentProfile.SIMULATED_ENGINE + "@" + worker;
            SimulatedCommands commands = new SimulatedCommands(host, name, new Random());
            Agent agent = new Agent(host, options, commands, state -> {});
            agents.add(agent);
            Void unused = RunningBrain.await(agent.start(), Duration.ofSeconds(10));
            SimulatedTaskEvents taskEvents = new SimulatedTaskEvents(AgentProfile.SIMULATED_ENGINE, name, new Random());
            new SimulatedWorkload(host, agent, taskEvents, EVENTS_PER_SECOND, Long.MAX_VALUE).start();
        }
    }

    /** Flushes and stops all agents. */
    public void stop() {
        List<Future<Void>> stops = new ArrayList<>();
        List.copyOf(agents).forEach(agent -> stops.add(agent.stop(GRACE)));
        try {
            Object unused = RunningBrain.await(Future.join(stops).otherwiseEmpty(), STOP_LIMIT);
            Void unusedToo = RunningBrain.await(vertx.close(), STOP_LIMIT);
        } catch (Exception e) {
            System.err.println("ganglion: the simulated agents did not stop cleanly: " + e);
        }
    }

    /** Trusts exactly the brain's own certificate file, regardless of its issuer and its host name. */
    private static ClientSSLOptions trusting(TlsFiles files) {
        return new ClientSSLOptions()
                .setTrustOptions(new PemTrustOptions().addCertPath(files.cert().toString()))
                .setHostnameVerificationAlgorithm("");
    }
}

package dev.ganglion.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.protocol.frame.Heartbeat;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class AgentTimeoutsTest extends AgentTests {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void reconnects_when_the_brain_does_not_answer_the_hello() throws Exception {
        waitAtMost(new AgentTimeouts(LONG, SHORT, LONG));
        brain.onNextHello(session -> {});

        agent().start().await();

        assertThat(brain.session().closeCode()).isEqualTo(4400);
        assertThat(brain.session()).isNotNull();
    }

    @Test
    void reconnects_when_the_brain_does_not_answer_the_upgrade() throws Exception {
        waitAtMost(new AgentTimeouts(SHORT, LONG, LONG));
        LinkedBlockingQueue<Integer> attempts = new LinkedBlockingQueue<>();
        NetServer mute = vertx.createNetServer()
                .connectHandler(socket -> attempts.add(1))
                .listen(0, "127.0.0.1")
                .await();
        AgentOptions options = AgentOptions.of(
                        "ws://127.0.0.1:" + mute.actualPort(),
                        brain.options().credentials().token(),
                        brain.options().credentials().hmacSecret())
                .withBackoff(brain.options().backoff());

        var started = agent(options).start();

        for (int attempt = 0; attempt < 3; attempt++) {
            assertThat(attempts.poll(10, TimeUnit.SECONDS)).isNotNull();
        }
        assertThat(started.isComplete()).isFalse();
    }

    @Test
    void reconnects_when_a_session_becomes_silent() throws Exception {
        waitAtMost(new AgentTimeouts(SHORT, SHORT, Duration.ofSeconds(1)));
        brain.onNextHello(session -> session.accept(1, ScriptedSession.MAX_FRAME));
        AtomicBoolean mute = new AtomicBoolean();
        Agent agent = agent(AgentOptions.of(
                        "ws://127.0.0.1:" + proxy(mute),
                        brain.options().credentials().token(),
                        brain.options().credentials().hmacSecret())
                .withBackoff(brain.options().backoff()));
        agent.start().await();
        assertThat(brain.session().frame(Heartbeat.class)).isNotNull();

        mute.set(true);
        await().until(() -> !(agent.state() instanceof AgentState.Online));
        mute.set(false);

        assertThat(brain.session()).isNotNull();
    }

    /** Starts a proxy to the brain that loses all data while it is mute. */
    private int proxy(AtomicBoolean mute) {
        NetClient client = vertx.createNetClient();
        return vertx.createNetServer()
                .connectHandler(near -> {
                    near.pause();
                    client.connect(brain.port(), "127.0.0.1").onSuccess(far -> {
                        pass(near, far, mute);
                        pass(far, near, mute);
                        near.resume();
                    });
                })
                .listen(0, "127.0.0.1")
                .await()
                .actualPort();
    }

    private static void pass(NetSocket from, NetSocket to, AtomicBoolean mute) {
        from.handler(bytes -> {
            if (!mute.get()) {
                to.write(bytes);
            }
        });
        from.closeHandler(closed -> to.close());
    }

    private void waitAtMost(AgentTimeouts timeouts) {
        host = new AgentHost(vertx, Clock.systemUTC(), System::nanoTime, new Random(), timeouts);
    }
}

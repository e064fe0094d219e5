package dev.ganglion.testing.command;

import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.KeyDerivation;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.frame.CommandAck;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.wire.LostConnection;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import dev.ganglion.testing.wire.WireSocket;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An agent on its own thread that executes commands, drops repeated commands by id, resends results until they are
 * stored, and disconnects at random moments to connect again.
 *
 * The agent records the commands that it executed, in order. It also records every delivery, so that tests see the
 * repeated deliveries which the agent drops. If the brain sends anything that it must not send, the agent stops and
 * reports a fault instead of reconnecting.
 */
public final class JournalingAgent implements AutoCloseable {
    private static final double DROPS = 0.04;
    private static final long BACK_OFF_NANOS = 50_000_000;

    private final IntSupplier port;
    private final String token;
    private final byte[] secret;
    private final Random random;
    private final List<String> journal = new ArrayList<>();
    private final List<List<String>> deliveries = new ArrayList<>();
    private final Map<String, JsonObject> unconfirmed = new LinkedHashMap<>();
    private final Set<String> confirmedResults = new HashSet<>();
    private final List<String> deliveredAfterConfirmation = new ArrayList<>();
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable Throwable fault;
    private volatile @Nullable WireSocket current;

    /**
     * Starts the agent, which works until it is closed.
     *
     * @param port supplier of the brain's current port
     * @param minted REST response to the enrolment of the agent
     * @param seed seed of the random disconnects
     */
    public JournalingAgent(IntSupplier port, JsonObject minted, long seed) {
        this.port = port;
        this.token = minted.getString("token");
        this.secret = KeyDerivation.secretBytes(minted.getString("hmac_secret"));
        this.random = new Random(seed);
        this.thread = new Thread(this::work, "journaling-agent");
        thread.start();
    }

    /** Fails if the brain has violated the protocol. The agent has then stopped. */
    public void assertNoProtocolViolation() {
        Throwable violation = fault;
        if (violation != null) {
            throw new AssertionError("the brain violated the protocol: " + violation.getMessage(), violation);
        }
    }

    /** Returns the ids of the executed commands, in order. */
    public synchronized List<String> journal() {
        return List.copyOf(journal);
    }

    /** Returns the ids of the commands delivered over each connection, in order and including repeated ones. */
    public synchronized List<List<String>> deliveries() {
        return deliveries.stream().map(List::copyOf).toList();
    }

    /**
     * Returns the ids of the commands that were delivered after the brain had confirmed that their result is stored.
     */
    public synchronized List<String> deliveredAfterConfirmation() {
        return List.copyOf(deliveredAfterConfirmation);
    }

    /** Returns the ids of the commands whose result the brain has confirmed as stored. */
    public synchronized Set<String> confirmedResults() {
        return Set.copyOf(confirmedResults);
    }

    private void work() {
        while (!closed) {
            try (WireSocket socket = WireSocket.connect(port.getAsInt())) {
                current = socket;
                int status = socket.upgrade(EnrolledAgent.DOCUMENTED, Map.of("Authorization", "Bearer " + token))
                        .status();
                if (status == 101) {
                    session(WireAgent.connectWithHello(socket, secret, WireFrames.hello(), HmacEncoding.BASE64));
                }
            } catch (UncheckedIOException | LostConnection gone) {
                // The brain is unreachable, the connection broke, or this agent is being closed. Retries unless it is
                // closed.
                LockSupport.parkNanos(BACK_OFF_NANOS);
            } catch (RuntimeException | AssertionError unexpected) {
                fault = unexpected;
                return;
            }
        }
    }

    private void session(WireAgent agent) {
        connected();
        unconfirmed.values().forEach(result -> agent.send("command_result", result));
        while (!closed) {
            Frame frame = agent.receive();
            if (frame instanceof CommandAck ack) {
                confirmedResults(ack.commandIdOrFrameId());
            } else if (frame instanceof Command command && !handled(agent, command)) {
                agent.socket().reset();
                return;
            }
        }
    }

    /**
     * Handles a command and returns whether the connection survived. At random, the agent disconnects before the
     * acknowledgement, between acknowledgement and result, or after both.
     */
    private boolean handled(WireAgent agent, Command command) {
        double luck = random.nextDouble();
        execute(command.id());
        if (luck < DROPS / 3) {
            return false;
        }
        CommandSteps.acknowledge(agent, command.id());
        if (luck < DROPS * 2 / 3) {
            return false;
        }
        if (unconfirmed.containsKey(command.id())) {
            agent.send("command_result", unconfirmed.get(command.id()));
        }
        return luck >= DROPS;
    }

    private synchronized void connected() {
        deliveries.add(new ArrayList<>());
    }

    private synchronized void confirmedResults(String id) {
        unconfirmed.remove(id);
        confirmedResults.add(id);
    }

    private synchronized void execute(String id) {
        deliveries.get(deliveries.size() - 1).add(id);
        if (confirmedResults.contains(id)) {
            deliveredAfterConfirmation.add(id);
        }
        if (!journal.contains(id)) {
            journal.add(id);
            unconfirmed.put(id, new JsonObject().put("command_id", id).put("ok", true));
        }
    }

    @Override
    public void close() {
        closed = true;
        WireSocket socket = current;
        if (socket != null) {
            socket.close();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

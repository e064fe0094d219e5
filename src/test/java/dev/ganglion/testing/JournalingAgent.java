package dev.ganglion.testing;

import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.Keys;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.frame.CommandAck;
import dev.ganglion.protocol.frame.Frame;
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
 * An agent on a thread of its own that executes commands, drops repeats by id, sends a result again until it is stored,
 * and vanishes at random moments to connect again. It writes down what it executed, in order, and beside that each
 * delivery, so that its dropping of repeats does not hide those that may not be. What the brain must not send is no
 * reason for it to connect again: it stops, and says so.
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
    private final Map<String, JsonObject> unstored = new LinkedHashMap<>();
    private final Set<String> ended = new HashSet<>();
    private final List<String> afterTheirEnd = new ArrayList<>();
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable Throwable fault;
    private volatile @Nullable WireSocket current;

    /** Connects, and works until it is closed; {@code minted} is what REST answered when the agent was made. */
    public JournalingAgent(IntSupplier port, JsonObject minted, long seed) {
        this.port = port;
        this.token = minted.getString("token");
        this.secret = Keys.secretBytes(minted.getString("hmac_secret"));
        this.random = new Random(seed);
        this.thread = new Thread(this::work, "journaling-agent");
        thread.start();
    }

    /** Fails if what came over the wire was not as it has to be; the agent has stopped then. */
    public void assertWell() {
        Throwable seen = fault;
        if (seen != null) {
            throw new AssertionError("an agent met what it must not: " + seen.getMessage(), seen);
        }
    }

    /** Ids of the commands that it executed, in order. */
    public synchronized List<String> journal() {
        return List.copyOf(journal);
    }

    /** Ids of the commands that came over each of its connections, in order, repeats too. */
    public synchronized List<List<String>> deliveries() {
        return deliveries.stream().map(List::copyOf).toList();
    }

    /** Ids of the commands that came after the brain had said that their result is stored. */
    public synchronized List<String> afterTheirEnd() {
        return List.copyOf(afterTheirEnd);
    }

    /** Ids of the commands whose result the brain has said that it has. */
    public synchronized Set<String> ended() {
        return Set.copyOf(ended);
    }

    private void work() {
        while (!closed) {
            try (WireSocket socket = WireSocket.connect(port.getAsInt())) {
                current = socket;
                int status = socket.upgrade(Enrolled.DOCUMENTED, Map.of("Authorization", "Bearer " + token))
                        .status();
                if (status == 101) {
                    session(WireAgent.greet(socket, secret, Wire.hello(), HmacEncoding.BASE64));
                }
            } catch (UncheckedIOException | LostConnection gone) {
                // The brain is away or hung up, or this agent is being closed: once more, if it is not.
                LockSupport.parkNanos(BACK_OFF_NANOS);
            } catch (RuntimeException | AssertionError wrong) {
                fault = wrong;
                return;
            }
        }
    }

    private void session(WireAgent agent) {
        connected();
        unstored.values().forEach(result -> agent.send("command_result", result));
        while (!closed) {
            Frame frame = agent.receive();
            if (frame instanceof CommandAck ack) {
                ended(ack.commandIdOrFrameId());
            } else if (frame instanceof Command command && !handled(agent, command)) {
                agent.socket().vanish();
                return;
            }
        }
    }

    /** Whether the connection outlived the command: it may go before the ack, between ack and result, or after both. */
    private boolean handled(WireAgent agent, Command command) {
        double luck = random.nextDouble();
        execute(command.id());
        if (luck < DROPS / 3) {
            return false;
        }
        CommandHands.acknowledge(agent, command.id());
        if (luck < DROPS * 2 / 3) {
            return false;
        }
        if (unstored.containsKey(command.id())) {
            agent.send("command_result", unstored.get(command.id()));
        }
        return luck >= DROPS;
    }

    private synchronized void connected() {
        deliveries.add(new ArrayList<>());
    }

    private synchronized void ended(String id) {
        unstored.remove(id);
        ended.add(id);
    }

    private synchronized void execute(String id) {
        deliveries.get(deliveries.size() - 1).add(id);
        if (ended.contains(id)) {
            afterTheirEnd.add(id);
        }
        if (!journal.contains(id)) {
            journal.add(id);
            unstored.put(id, new JsonObject().put("command_id", id).put("ok", true));
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

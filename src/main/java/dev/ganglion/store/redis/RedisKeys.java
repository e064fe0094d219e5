package dev.ganglion.store.redis;

import dev.ganglion.bus.SessionRef;
import java.nio.charset.StandardCharsets;

/**
 * The names of all keys in Redis. Keys that one script uses share the hash tag {@code {project/shard}}, so that a Redis
 * Cluster stores these keys on the same master.
 */
public final class RedisKeys {
    public static final String SCHEMA = "ganglion:schema";
    public static final String NODES = "ganglion:nodes";
    public static final String IDENTITY = "ganglion:identity";
    /** Says that every part of the store is marked with its identity. It is written after all marks. */
    public static final String MARKED = "{ganglion:identity}:marked";
    /** Set of the identities that this store replaces, because an operator accepted it. */
    public static final String REPLACES = "{ganglion:identity}:replaces";

    public static final String PROJECTS = "ganglion:projects";
    public static final String SWEEPER = "ganglion:sweeper";
    public static final String OPEN_COMMANDS = ":open";
    public static final String WAITING_COMMANDS = ":waiting";
    public static final String UNANSWERED_COMMANDS = ":unheard";
    public static final String COMMAND_LOAD = ":load";
    public static final String ADMIN_KEY = "ganglion:admin-key";

    /** Number of hash slots of a Redis Cluster. */
    public static final int HASH_SLOTS = HashSlot.COUNT;

    private RedisKeys() {}

    /** Returns the hash slot of a key, which decides which master of a Redis Cluster serves it. */
    public static int hashSlot(String key) {
        return HashSlot.of(key.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Keys of users, logins, API keys and the audit, which belong to no project. All share one hash tag, because
     * scripts use several of them at once.
     */
    public static final class People {
        public static final String USERS = "{ganglion}:users";
        public static final String USER_PREFIX = "{ganglion}:user:";
        public static final String EMAILS = "{ganglion}:emails";
        public static final String SESSION_PREFIX = "{ganglion}:session:";
        public static final String API_KEYS = "{ganglion}:api-keys";
        public static final String API_KEY_HASHES = "{ganglion}:api-key-hashes";
        public static final String AUDIT = "{ganglion}:audit";
        public static final String AUDIT_ENDS = "{ganglion}:audit:ends";
        public static final String AUDIT_OPEN = "{ganglion}:audit:open";
        public static final String AUDIT_REFUSED = "{ganglion}:audit:refused";
        public static final String AUDIT_REFUSED_KNOWN = "{ganglion}:audit:refused:known";
        public static final String AUDIT_REFUSED_STRANGERS = "{ganglion}:audit:refused:strangers";

        private People() {}

        public static String user(String id) {
            return USER_PREFIX + id;
        }

        public static String sessions(String userId) {
            return user(userId) + ":sessions";
        }

        public static String session(String tokenHash) {
            return SESSION_PREFIX + tokenHash;
        }

        public static String apiKey(String keyHash) {
            return "{ganglion}:api-key:" + keyHash;
        }

        public static String failuresOfAccount(String hash) {
            return "{ganglion}:login-failures:account:" + hash;
        }

        public static String failuresOfAddress(String address) {
            return "{ganglion}:login-failures:address:" + address;
        }
    }

    public static String node(String nodeId) {
        return "node:" + nodeId;
    }

    /** A mark of the store's identity. The numbers decide which master of a Redis Cluster holds the mark. */
    public static String mark(int number) {
        return "ganglion:mark:" + number;
    }

    public static String slug(String slug) {
        return "ganglion:slug:" + slug;
    }

    public static String token(String hash) {
        return "ganglion:token:" + hash;
    }

    public static String project(String projectId) {
        return "{" + projectId + "}";
    }

    public static String idempotency(String projectId, String hash) {
        return "{" + projectId + "}:idempotency:" + hash;
    }

    public static String agents(String projectId) {
        return "{" + projectId + "}:agents";
    }

    /** The keys of one shard of a project. */
    public record Shard(String tag) {
        public static Shard of(String projectId, int shard) {
            return new Shard("{" + projectId + "/" + shard + "}");
        }

        public static Shard of(SessionRef session) {
            return of(session.projectId(), session.shard());
        }

        public String events() {
            return tag + ":events";
        }

        /** Exists from the creation of the shard. Where it is missing, Redis has lost the data of the shard. */
        public String mark() {
            return tag + ":mark";
        }

        public String totals() {
            return tag + ":totals";
        }

        public String deadLetters() {
            return tag + ":dead-letters";
        }

        public String projection() {
            return tag + ":projection";
        }

        public String tasks() {
            return tag + ":tasks";
        }

        public String tasksInOrder() {
            return tag + ":tasks:order";
        }

        public String engineWorkers() {
            return tag + ":engine-workers";
        }

        public String engineQueues() {
            return tag + ":engine-queues";
        }

        public String schedules() {
            return tag + ":schedules";
        }

        public String counts() {
            return tag + ":counts";
        }

        public String minutes(long hour) {
            return tag + ":minutes:" + hour;
        }

        public String reportedWorkers() {
            return tag + ":told-workers";
        }

        public String reportedQueues() {
            return tag + ":told-queues";
        }

        /** The order in which the fields of a bounded hash were last written. */
        public static String order(String hash) {
            return hash + ":order";
        }

        public String agent(String agentId) {
            return tag + ":agent:" + agentId;
        }

        public String tokens(String agentId) {
            return agent(agentId) + ":tokens";
        }

        public String slots(String agentId) {
            return agent(agentId) + ":slots";
        }

        /** Long-poll sessions, in the same text form as slots. */
        public String polls(String agentId) {
            return agent(agentId) + ":polls";
        }

        public String endedPolls(String agentId) {
            return agent(agentId) + ":polls-ended";
        }

        /** The hash that fences a session's frames: the slots, or the long-poll sessions. */
        public String sessions(SessionRef session) {
            return session.longPoll() ? polls(session.agentId()) : slots(session.agentId());
        }

        public String pollPrefix() {
            return tag + ":poll:";
        }

        public String poll(SessionRef session) {
            return pollPrefix() + session.sessionId();
        }

        public String pollNonces(SessionRef session) {
            return poll(session) + ":nonces";
        }

        public String pollOrder(SessionRef session) {
            return poll(session) + ":order";
        }

        public String pollAcks(SessionRef session) {
            return poll(session) + ":acks";
        }

        public String details(String agentId) {
            return agent(agentId) + ":details";
        }

        /** What the hello of each connection states: engines, schedulers and actions, by worker. */
        public String features(String agentId) {
            return agent(agentId) + ":features";
        }

        /** The engines and schedulers of connections that ended, with the time. */
        public String endedFeatures(String agentId) {
            return agent(agentId) + ":features-ended";
        }

        /** The engine workers that the events of each connection named, by worker. */
        public String reportedWorkers(String agentId) {
            return agent(agentId) + ":reported-workers";
        }

        public String answers(String agentId) {
            return agent(agentId) + ":answers";
        }

        public String answersOrder(String agentId) {
            return agent(agentId) + ":order";
        }

        public String registry(String agentId) {
            return agent(agentId) + ":registry";
        }

        /** Number of bytes in the agent's registry. */
        public String registryBytes(String agentId) {
            return agent(agentId) + ":registry-bytes";
        }

        public String commandPrefix() {
            return tag + ":command:";
        }

        public String command(String commandId) {
            return commandPrefix() + commandId;
        }

        public String agentPrefix() {
            return tag + ":agent:";
        }

        public String openCommands(String agentId) {
            return agent(agentId) + OPEN_COMMANDS;
        }

        public String waitingCommands(String agentId) {
            return agent(agentId) + WAITING_COMMANDS;
        }

        public String unansweredCommands(String agentId) {
            return agent(agentId) + UNANSWERED_COMMANDS;
        }

        public String commandLoad(String agentId) {
            return agent(agentId) + COMMAND_LOAD;
        }

        /** The newest commands that the brain itself issued to an agent, with the time. */
        public String ownCommands(String agentId) {
            return agent(agentId) + ":own-commands";
        }

        public String commands() {
            return tag + ":commands";
        }

        public String deadlines() {
            return tag + ":deadlines";
        }

        public String journal(String agentId) {
            return agent(agentId) + ":journal";
        }

        public String contests(String agentId) {
            return agent(agentId) + ":contests";
        }

        public String heartbeats(String agentId) {
            return agent(agentId) + ":heartbeats";
        }

        public String statuses(String agentId) {
            return agent(agentId) + ":statuses";
        }

        public String payload(String sessionId, long seq, String nonce) {
            return tag + ":payload:" + sessionId + ":" + seq + ":" + nonce;
        }
    }

    /** The keys of a project's projection. Segments, see {@code dev.ganglion.projection.segment}, are numbered. */
    public record Projection(String tag) {
        public static Projection of(String projectId) {
            return new Projection(project(projectId) + ":p:");
        }

        /** Hash: owner, epoch, until, step, next segment, and each shard's position and reached bytes. */
        public String lease() {
            return tag + "lease";
        }

        /** Hash: a kind and a number to a text of the dictionary. */
        public String terms() {
            return tag + "terms";
        }

        /** Hash: number of a segment to its births, rows and bytes. */
        public String segments() {
            return tag + "segments";
        }

        /** Hash: field of a row to the key and the record of its task. */
        public String records(long segment) {
            return tag + "s:" + segment + ":r";
        }

        /** String: the rows of a segment. */
        public String columns(long segment) {
            return tag + "s:" + segment + ":c";
        }

        /** String: a copy of the rows, within one script. */
        public String columnsCopy(long segment) {
            return tag + "s:" + segment + ":t";
        }

        public String engineWorkers() {
            return tag + "engine-workers";
        }

        public String engineQueues() {
            return tag + "engine-queues";
        }

        public String schedules() {
            return tag + "schedules";
        }

        public String counts() {
            return tag + "counts";
        }

        public String minutes(long hour) {
            return tag + "minutes:" + hour;
        }

        /** Hash: values of an aggregate that expire together. */
        public String block(String name) {
            return tag + "b:" + name;
        }

        /** Sorted set: name of each block to the time when it expires. */
        public String blocks() {
            return tag + "blocks";
        }
    }
}

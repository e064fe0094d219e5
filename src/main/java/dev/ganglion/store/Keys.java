package dev.ganglion.store;

import dev.ganglion.bus.SessionRef;

/**
 * The names of all keys in Redis. Keys that one script uses share the hash tag {@code {project/shard}}, so that a Redis
 * Cluster stores these keys on the same master.
 */
final class Keys {
    static final String SCHEMA = "ganglion:schema";
    static final String NODES = "ganglion:nodes";
    static final String IDENTITY = "ganglion:identity";
    static final String PROJECTS = "ganglion:projects";
    static final String SWEEPER = "ganglion:sweeper";
    static final String OPEN_COMMANDS = ":open";
    static final String WAITING_COMMANDS = ":waiting";
    static final String UNHEARD_COMMANDS = ":unheard";
    static final String COMMAND_LOAD = ":load";
    static final String ADMIN_KEY = "ganglion:admin-key";

    private Keys() {}

    /**
     * Keys of users, logins, API keys and the audit, which belong to no project. All share one hash tag, because
     * scripts use several of them at once.
     */
    static final class People {
        static final String USERS = "{ganglion}:users";
        static final String USER_PREFIX = "{ganglion}:user:";
        static final String EMAILS = "{ganglion}:emails";
        static final String SESSION_PREFIX = "{ganglion}:session:";
        static final String API_KEYS = "{ganglion}:api-keys";
        static final String API_KEY_HASHES = "{ganglion}:api-key-hashes";
        static final String AUDIT = "{ganglion}:audit";
        static final String AUDIT_ENDS = "{ganglion}:audit:ends";
        static final String AUDIT_OPEN = "{ganglion}:audit:open";

        private People() {}

        static String user(String id) {
            return USER_PREFIX + id;
        }

        static String sessions(String userId) {
            return user(userId) + ":sessions";
        }

        static String session(String tokenHash) {
            return SESSION_PREFIX + tokenHash;
        }

        static String apiKey(String keyHash) {
            return "{ganglion}:api-key:" + keyHash;
        }

        static String failuresOfAccount(String hash) {
            return "{ganglion}:login-failures:account:" + hash;
        }

        static String failuresOfAddress(String address) {
            return "{ganglion}:login-failures:address:" + address;
        }
    }

    static String node(String nodeId) {
        return "node:" + nodeId;
    }

    static String slug(String slug) {
        return "ganglion:slug:" + slug;
    }

    static String token(String hash) {
        return "ganglion:token:" + hash;
    }

    static String project(String projectId) {
        return "{" + projectId + "}";
    }

    static String idempotency(String projectId, String hash) {
        return "{" + projectId + "}:idempotency:" + hash;
    }

    static String agents(String projectId) {
        return "{" + projectId + "}:agents";
    }

    /** The keys of one shard of a project. */
    record Shard(String tag) {
        static Shard of(String projectId, int shard) {
            return new Shard("{" + projectId + "/" + shard + "}");
        }

        static Shard of(SessionRef session) {
            return of(session.projectId(), session.shard());
        }

        String events() {
            return tag + ":events";
        }

        String totals() {
            return tag + ":totals";
        }

        String deadLetters() {
            return tag + ":dead-letters";
        }

        String projection() {
            return tag + ":projection";
        }

        String tasks() {
            return tag + ":tasks";
        }

        String tasksInOrder() {
            return tag + ":tasks:order";
        }

        String engineWorkers() {
            return tag + ":engine-workers";
        }

        String engineQueues() {
            return tag + ":engine-queues";
        }

        String schedules() {
            return tag + ":schedules";
        }

        String counts() {
            return tag + ":counts";
        }

        String minutes(long hour) {
            return tag + ":minutes:" + hour;
        }

        String toldWorkers() {
            return tag + ":told-workers";
        }

        String toldQueues() {
            return tag + ":told-queues";
        }

        String agent(String agentId) {
            return tag + ":agent:" + agentId;
        }

        String tokens(String agentId) {
            return agent(agentId) + ":tokens";
        }

        String slots(String agentId) {
            return agent(agentId) + ":slots";
        }

        /** Long-poll sessions, in the same text form as slots. */
        String polls(String agentId) {
            return agent(agentId) + ":polls";
        }

        String endedPolls(String agentId) {
            return agent(agentId) + ":polls-ended";
        }

        /** The hash that fences a session's frames: the slots, or the long-poll sessions. */
        String sessions(SessionRef session) {
            return session.longPoll() ? polls(session.agentId()) : slots(session.agentId());
        }

        String pollPrefix() {
            return tag + ":poll:";
        }

        String poll(SessionRef session) {
            return pollPrefix() + session.sessionId();
        }

        String pollNonces(SessionRef session) {
            return poll(session) + ":nonces";
        }

        String pollOrder(SessionRef session) {
            return poll(session) + ":order";
        }

        String pollAcks(SessionRef session) {
            return poll(session) + ":acks";
        }

        String details(String agentId) {
            return agent(agentId) + ":details";
        }

        String answers(String agentId) {
            return agent(agentId) + ":answers";
        }

        String answersOrder(String agentId) {
            return agent(agentId) + ":order";
        }

        String registry(String agentId) {
            return agent(agentId) + ":registry";
        }

        String commandPrefix() {
            return tag + ":command:";
        }

        String command(String commandId) {
            return commandPrefix() + commandId;
        }

        String agentPrefix() {
            return tag + ":agent:";
        }

        String openCommands(String agentId) {
            return agent(agentId) + OPEN_COMMANDS;
        }

        String waitingCommands(String agentId) {
            return agent(agentId) + WAITING_COMMANDS;
        }

        String unheardCommands(String agentId) {
            return agent(agentId) + UNHEARD_COMMANDS;
        }

        String commandLoad(String agentId) {
            return agent(agentId) + COMMAND_LOAD;
        }

        String commands() {
            return tag + ":commands";
        }

        String deadlines() {
            return tag + ":deadlines";
        }

        String journal(String agentId) {
            return agent(agentId) + ":journal";
        }

        String contests(String agentId) {
            return agent(agentId) + ":contests";
        }

        String heartbeats(String agentId) {
            return agent(agentId) + ":heartbeats";
        }

        String statuses(String agentId) {
            return agent(agentId) + ":statuses";
        }

        String payload(String sessionId, long seq, String nonce) {
            return tag + ":payload:" + sessionId + ":" + seq + ":" + nonce;
        }
    }
}

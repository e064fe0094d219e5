package dev.ganglion.docs;

import dev.ganglion.protocol.error.ErrorCode;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Writes the page about error codes from {@link ErrorCode}. */
final class ErrorsPage {
    private static final String INTRODUCTION = """
            # Errors

            Every failure has a stable code, such as `not_found`. This page lists all codes with their HTTP status, their meaning and their remedy.

            **Contents:** [How to read an error](#how-to-read-an-error) · [REST](#rest) · [Agent connections](#agent-connections) · [At the start](#at-the-start)

            ## How to read an error

            The REST API answers with a JSON object:

            ```json
            {"error": "validation_failed", "message": "limit: 9999 is greater than 500", "details": {"field": "limit"}, "request_id": "79b85ff4-70a4-4e90-803a-171deffcd576"}
            ```

            Programs should compare `error`, which never changes. `message` is for people and may change. [The REST API](rest-guide.md#errors) explains the other fields.

            Repeat a request after 429 and 503, when the time in `Retry-After` is over. Other errors come back until something changes.
            """;

    /**
     * What an error code means.
     *
     * @param where where callers see the code
     * @param cause cause, as a sentence
     * @param remedy what the caller or the operator does
     */
    private record Meaning(Where where, String cause, String remedy) {}

    private enum Where {
        REST,
        AGENT,
        START
    }

    private ErrorsPage() {}

    static String text() {
        return INTRODUCTION
                + "\n## REST\n\nCalls of people, programs and the page get these codes. Long poll and WebSocket upgrades of agents get some of them too.\n\n"
                + table(Where.REST)
                + "\n## Agent connections\n\nThe brain sends these codes in the `error` frame before it [closes a connection](close-codes.md), or as the answer to a long poll."
                + " The status applies to long poll. A connection that ends before `hello_ack` shows only its close code.\n\n"
                + table(Where.AGENT)
                + "\n## At the start\n\nA brain logs this code and ends with [exit code 1](command-line.md#exit-codes).\n\n"
                + table(Where.START);
    }

    private static Table table(Where where) {
        Table table = Table.of("Status", "Code", "Cause", "What to do");
        List<ErrorCode> codes = Stream.of(ErrorCode.values())
                .filter(code -> meaning(code).where() == where)
                .sorted(Comparator.comparingInt(ErrorCode::httpStatus))
                .toList();
        for (ErrorCode code : codes) {
            Meaning meaning = meaning(code);
            table.add(String.valueOf(code.httpStatus()), "`" + code.code() + "`", meaning.cause(), meaning.remedy());
        }
        return table;
    }

    private static Meaning rest(String cause, String remedy) {
        return new Meaning(Where.REST, cause, remedy);
    }

    private static Meaning agent(String cause, String remedy) {
        return new Meaning(Where.AGENT, cause, remedy);
    }

    private static Meaning meaning(ErrorCode code) {
        return switch (code) {
            case UNAUTHORIZED ->
                rest(
                        "The key, token or login is missing, wrong or expired.",
                        "Log in again, or check the key or token.");
            case FORBIDDEN -> rest("Your role is too low for this call.", "Ask a project admin or a global admin.");
            case CSRF_FAILED ->
                rest(
                        "A call with the cookie of a login lacks the header `X-CSRF-Token`, or it is wrong.",
                        "Send the `csrf_token` of the login, or use an [API key](people.md#api-keys).");
            case ORIGIN_MISMATCH ->
                rest(
                        "The call comes from another origin than the login.",
                        "Use one address. Behind a proxy, set `http.trusted-proxies` and send `X-Forwarded-Proto`.");
            case NOT_FOUND ->
                rest(
                        "The object does not exist, or belongs to a project in which you have no role.",
                        "Check the path, then your roles.");
            case CONFLICT ->
                rest(
                        "The slug, email address or idempotency key is taken, or there is a first user already.",
                        "Choose another value.");
            case INVALID_REQUEST -> rest("The request is unreadable, for example not JSON.", "Correct the request.");
            case INVALID_PATH ->
                rest(
                        "The path is not in its normal form: `..`, `//`, a needless or faulty percent encoding.",
                        "Correct the path ([Paths and parameters](rest-guide.md#paths-and-parameters)).");
            case VALIDATION_FAILED ->
                rest("A value breaks a rule. `details.field` names it.", "Correct the value, as `message` says.");
            case METHOD_NOT_ALLOWED -> rest("The path has no such method.", "Use a method of the header `Allow`.");
            case PAYLOAD_TOO_LARGE ->
                rest(
                        "The body is larger than 1 MiB, 64 KiB without authentication, or 64 MiB for uploads of long poll (less on a node with less than 1 GiB of heap).",
                        "Send less at once.");
            case ENGINE_REQUIRED ->
                rest("The agent has several engines, or none with this capability.", "Name `engine`.");
            case OVERRIDE_REQUIRED ->
                rest("The engine has no retry of its own.", "Give `override_args` and `override_kwargs`.");
            default -> meaningOfOutage(code);
        };
    }

    private static Meaning meaningOfOutage(ErrorCode code) {
        return switch (code) {
            case RATE_LIMITED ->
                rest(
                        "Too many failed logins, new connections, or dashboards of one login.",
                        "Wait for the time in `Retry-After`.");
            case STORE_UNAVAILABLE ->
                rest(
                        "Redis is unavailable. `details.may_have_happened` says whether a change may have been made.",
                        "Repeat the call; see [The store is unavailable](troubleshooting.md#the-store-is-unavailable).");
            case NODE_STOPPING -> rest("The node drains.", "Repeat the call; the proxy chooses another node.");
            case NODE_SILENT -> rest("The node to drain does not answer.", "Send SIGTERM to its process.");
            case NODE_BUSY ->
                rest(
                        "The memory of the node for uploads or answers, or your share of it, is in use; a body arrived too slowly; or the node serves as many dashboards as it can.",
                        "Repeat the call after `Retry-After`. If it persists, raise `http.answer-budget` or `http.upload-budget`, or add memory or nodes.");
            case INTERNAL ->
                rest("A defect in the brain.", "Search the log for the `request_id`, and report the defect.");
            default -> meaningForAgents(code);
        };
    }

    private static Meaning meaningForAgents(ErrorCode code) {
        return switch (code) {
            case INVALID_SIGNATURE -> agent("The signature of a frame does not fit.", closes(4403));
            case REPLAYED_FRAME -> agent("A frame arrived twice or out of order.", closes(4403));
            case STALE_TIMESTAMP -> agent("The time of a frame is off by more than 60 s.", closes(4403));
            case MALFORMED_FRAME -> agent("A frame breaks a rule.", closes(4400));
            case UNKNOWN_FRAME_TYPE -> agent("A frame has an unknown type.", closes(4400));
            case UNSUPPORTED_VERSION -> agent("The version of the protocol is not 2.", closes(4426));
            case FRAME_TOO_LARGE -> agent("A frame is larger than `agent.max-frame-size`.", closes(1009));
            case HELLO_TIMEOUT -> agent("No hello arrived in time.", closes(4400));
            case IDLE_TIMEOUT -> agent("No frame arrived in time.", closes(4408));
            case SLOW_READER -> agent("The agent does not read. The agent never receives this code.", closes(1011));
            case DISPLACED -> agent("Another connection took the slot.", closes(4002));
            case FENCED -> agent("The session lost its slot.", closes(1011));
            case REVOKED -> agent("The agent was deleted.", closes(4003));
            case CAP_REACHED -> agent("The agent reached its connection cap.", closes(4429));
            case UPGRADE_REQUIRED ->
                agent(
                        "The request is no WebSocket upgrade.",
                        "Let the proxy pass WebSocket, or use [long poll](connecting-agents.md#long-poll-agents-behind-proxies).");
            case CUT_OFF ->
                agent(
                        "The node cannot reach the larger part of its cluster.",
                        "The agent tries another node; see [A node is not ready](troubleshooting.md#a-node-is-not-ready).");
            case SESSION_ENDED ->
                agent(
                        "The long-poll session has ended. An upload gets 503 instead of 409.",
                        "The agent begins a new session.");
            case STORE_MISCONFIGURED ->
                new Meaning(
                        Where.START,
                        "Redis keeps less than `redis.durability` promises, or holds data of an unknown layout.",
                        "Follow the message; see [Redis](redis.md#required-settings).");
            default -> throw new IllegalStateException("this page does not explain " + code);
        };
    }

    private static String closes(int code) {
        return "See [close code " + code + "](close-codes.md).";
    }
}

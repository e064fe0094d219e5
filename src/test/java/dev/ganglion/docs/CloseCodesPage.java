package dev.ganglion.docs;

import dev.ganglion.protocol.error.CloseCode;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Writes the page about close codes from {@link CloseCode}. */
final class CloseCodesPage {
    private static final String INTRODUCTION = """
            # Close codes

            A **close code** is the number that says why a WebSocket connection ended. This page lists every code with which the brain closes the connection of an agent.

            **Contents:** [How to read it](#how-to-read-it) · [The agent reconnects](#the-agent-reconnects) · [The agent stops](#the-agent-stops) · [Other codes](#other-codes)

            ## How to read it

            You find close codes in three places:

            | Place | What it shows |
            |---|---|
            | the [journal](the-page.md#one-agent) of the agent | code and label |
            | the log of the worker process | code and text |
            | the metric `ganglion_connections_closed_total` | the label, in `reason` |

            Several causes can share one code; the label tells them apart. Before it closes a session, the brain sends a fatal [`error` frame](protocol.md#errors-and-close-codes)
            with the code in the column *Error frame*. A dash means that no such frame precedes the close.

            [Troubleshooting](troubleshooting.md#by-close-code) describes symptoms and remedies in more detail.
            """;
    private static final String OTHERS = """

            ## Other codes

            The brain never sends **1006**. The journal and clients show it if a connection ended without a close frame ([Troubleshooting](troubleshooting.md#1006-the-connection-broke-off)).

            An agent may close a connection with a code of its own. The journal then shows it as `peer_` and the code.

            The dashboard socket of the page has [codes of its own](rest-guide.md#live-updates-the-dashboard-socket).
            """;

    /** The codes that end a connection without a session, or whose end is no error, or whose peer does not read. */
    private static final Set<CloseCode> NO_ERROR_FRAME = EnumSet.of(
            CloseCode.NORMAL,
            CloseCode.GOING_AWAY,
            CloseCode.SLOW_READER,
            CloseCode.OVER_BUDGET,
            CloseCode.UNAUTHORIZED,
            CloseCode.MALFORMED_HANDSHAKE,
            CloseCode.HELLO_EXPECTED,
            CloseCode.HELLO_TIMEOUT,
            CloseCode.HOLDER_SUSPECTED,
            CloseCode.CAP_REACHED);

    /**
     * What a close code means.
     *
     * @param cause cause, as a sentence
     * @param remedy what the operator does
     */
    private record Meaning(String cause, String remedy) {}

    private CloseCodesPage() {}

    static String text() {
        return INTRODUCTION
                + "\n## The agent reconnects\n\nAfter these codes an agent reconnects automatically, with a growing delay.\n\n"
                + table(codes().filter(CloseCode::retryable).toList())
                + "\n## The agent stops\n\nAfter these codes an agent stops, or waits long before it tries again. A person has to act.\n\n"
                + table(codes().filter(code -> !code.retryable()).toList())
                + OTHERS;
    }

    private static Stream<CloseCode> codes() {
        return Stream.of(CloseCode.values()).sorted(Comparator.comparingInt(CloseCode::code));
    }

    private static Table table(List<CloseCode> codes) {
        Table table = Table.of("Code", "Label and text", "Error frame", "Cause", "What to do");
        for (CloseCode code : codes) {
            Meaning meaning = meaning(code);
            table.add(
                    String.valueOf(code.code()),
                    "`" + code.label() + "`<br>" + code.reason(),
                    NO_ERROR_FRAME.contains(code) ? "–" : "`" + code.errorCode().code() + "`",
                    meaning.cause(),
                    meaning.remedy());
        }
        return table;
    }

    private static Meaning meaning(CloseCode code) {
        return switch (code) {
            case NORMAL -> new Meaning("The worker process stopped cleanly.", "Nothing.");
            case GOING_AWAY -> new Meaning("The node drains.", "Nothing. The agent reconnects to another node.");
            case PROTOCOL_ERROR ->
                new Meaning(
                        "The bytes are not valid WebSocket.",
                        "Look for a proxy that changes them. [Long poll](connecting-agents.md#long-poll-agents-behind-proxies) works without WebSocket.");
            case TOO_LARGE ->
                new Meaning(
                        "A frame is larger than `agent.max-frame-size`.",
                        "Raise the key, or send less: `Z4J_MAX_PAYLOAD_BYTES` limits arguments and results.");
            case INTERNAL_ERROR -> new Meaning("A defect in the brain.", "Read the log of the node, and report it.");
            case STORE_UNAVAILABLE ->
                new Meaning(
                        "Redis was unavailable for longer than `store.pause-limit`.",
                        "See [The store is unavailable](troubleshooting.md#the-store-is-unavailable).");
            case HOLDER_SUSPECTED ->
                new Meaning(
                        "All slots of the agent are in use, and a node that holds one of them may have failed.",
                        "Wait 10 to 20 s. The brain frees the slots of a failed node.");
            case FENCED ->
                new Meaning(
                        "The brain freed the slot of the session, for example because its node hung.",
                        "Nothing. If it repeats, look for long pauses of that node.");
            case SLOW_READER ->
                new Meaning(
                        "The agent does not read its messages. The brain cuts the connection: the agent sees 1006.",
                        "Look for a blocked worker process.");
            case OVER_BUDGET ->
                new Meaning(
                        "All sockets of the node together hold more than `http.socket-budget`, and this one holds most. The brain cuts the connection: the agent sees 1006.",
                        "Look for worker processes that read slowly or send their messages slowly; give the node more memory.");
            default -> meaningOfAgentCode(code);
        };
    }

    private static Meaning meaningOfAgentCode(CloseCode code) {
        return switch (code) {
            case DISPLACED ->
                new Meaning(
                        "Another connection of the same agent uses the same `worker_id`.",
                        "Once is normal after a reconnect. If it repeats, give each process its own `worker_id`.");
            case REVOKED -> new Meaning("The agent or its project was deleted.", "Enrol a new agent.");
            case MALFORMED_HANDSHAKE -> new Meaning("The hello frame breaks a rule.", update());
            case HELLO_EXPECTED -> new Meaning("The first frame is not a hello.", update());
            case HELLO_TIMEOUT ->
                new Meaning(
                        "No hello arrived within `agent.hello-timeout`.",
                        "Look for a blocked worker process, or a proxy that buffers.");
            case MALFORMED_FRAME -> new Meaning("A frame breaks a rule. The journal names it.", update());
            case UNKNOWN_FRAME_TYPE -> new Meaning("A frame has an unknown type.", update());
            case UNAUTHORIZED ->
                new Meaning(
                        "The token is missing, wrong or revoked. Only on `/ws`; `/ws/agent` answers HTTP 401.",
                        "Compare `Z4J_TOKEN`, or [change the token](connecting-agents.md#change-a-token).");
            case INVALID_SIGNATURE ->
                new Meaning(
                        "The signature does not fit: `Z4J_HMAC_SECRET` does not belong to the token.",
                        "Set both from the same block, or [change the token](connecting-agents.md#change-a-token).");
            case STALE_TIMESTAMP ->
                new Meaning(
                        "The time of a frame differs by more than 60 s from the clock of the node.",
                        "Run NTP on both machines.");
            case REPLAYED_FRAME ->
                new Meaning(
                        "A frame arrived twice or out of order.",
                        "Look for a proxy that repeats requests. Otherwise report it.");
            case IDLE_TIMEOUT ->
                new Meaning(
                        "No frame arrived for `agent.idle-timeout`.",
                        "Look for a suspended or overloaded worker process.");
            case UNSUPPORTED_VERSION ->
                new Meaning("The agent speaks another version of the protocol than 2.", "Update the z4j packages.");
            case CAP_REACHED ->
                new Meaning(
                        "The agent holds as many connections as its cap allows.",
                        "Raise the cap, or end unused processes: [Troubleshooting](troubleshooting.md#4429-connection-cap).");
            default -> throw new IllegalStateException("this page does not explain " + code);
        };
    }

    private static String update() {
        return "Update the agent. For an agent of your own, read [the protocol](protocol.md).";
    }
}

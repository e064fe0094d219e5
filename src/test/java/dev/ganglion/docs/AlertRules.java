package dev.ganglion.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes the section about alerts from the alert rules. */
final class AlertRules {
    static final Path FILE = Path.of("docker/watching/rules.yaml");

    private static final String INTRODUCTION = """

            ## Alerts

            [`docker/watching/rules.yaml`](../../docker/watching/rules.yaml) contains these rules, and `rules-test.yaml` beside it tests them. `page` wakes somebody up; `ticket` can wait for the working day.
            """;
    private static final Map<String, String> REMEDIES = new HashMap<>();

    static {
        remedy(
                "NodeDown",
                "Look at the end of the log of the node, and at how its process ended (`OutOfMemoryError`, exit code). Start it again.",
                "If the process lives, check whether Prometheus reaches the node, and whether its `metrics.token` is right.");
        remedy(
                "StoreAway",
                "Check that Redis runs and that the node reaches it: [The store is unavailable](troubleshooting.md#the-store-is-unavailable).",
                "Nothing acknowledged is lost. Agents keep their events and send them later.");
        remedy(
                "StoreRefused",
                "Read `/readyz` of a node, and follow [Redis lost its data](troubleshooting.md#redis-lost-its-data-or-was-replaced) or [Redis does not keep its writes](troubleshooting.md#redis-does-not-keep-its-writes).",
                "No agent is told to stop, and agents keep their events.");
        remedy(
                "StoreUnavailable",
                "Look up the label `reason` in [The store is unavailable](troubleshooting.md#the-store-is-unavailable), which has a remedy for each reason.");
        remedy(
                "NodeCutOff",
                "Check firewalls and routes between the nodes, on `cluster.port` and `cluster.bus-port`: [A node is not ready](troubleshooting.md#a-node-is-not-ready).");
        remedy(
                "NodesUnreachable",
                "Read the cause in `/readyz` or the log: [Nodes cannot exchange messages](troubleshooting.md#nodes-cannot-exchange-messages).");
        remedy(
                "NodesDisagree",
                "Compare `ganglion status` of each node. Check the network between the nodes, and that `cluster.name` is equal on all of them.");
        remedy(
                "NoAgents",
                "Read the journals of the agents: [Why is my agent not connected?](troubleshooting.md#why-is-my-agent-not-connected)",
                "If the workers were removed on purpose, silence the alert.");
        remedy(
                "AcksSlow",
                "Compare `ganglion_store_latency_seconds`: if it is high, look at the disk and the CPU of Redis. Otherwise look at the CPU of the nodes.",
                "Then see [Capacity](operating.md#capacity).");
        remedy(
                "CommandsFail",
                "Open the screen **Commands** and filter by status: [Commands](troubleshooting.md#commands) lists the causes.");
        remedy(
                "AgentsRefused",
                "Look up the label in [Close codes](close-codes.md). The journal of the agent names the worker process.");
        remedy(
                "EventsRejected",
                "Open the screen [Rejected events](the-page.md#rejected-events). Correct the adapter that sends them.");
        remedy(
                "ClientsHoldTooMuch",
                "`ganglion_budget_bytes` shows which budget is in use. Find the client in the log of the proxy, or raise the budget: [Capacity](operating.md#capacity).",
                "With more heap, the default budgets grow. More nodes share the clients.");
        remedy(
                "AuditFails",
                "If Redis is available, run `ganglion audit verify`: [The audit](troubleshooting.md#the-audit).");
        remedy(
                "LoginsThrottled",
                "Read the failed logins in the audit. Block the addresses at the proxy; tell the owners of the accounts.");
        remedy(
                "EventsNotProjected",
                "Raise `events.retention-bytes` or `events.retention-age`, and look at `ganglion_projection_lag_seconds`.",
                "If projections stay behind, give Redis more CPU, or use more [shards](redis.md#cluster).");
        remedy(
                "EventLoopLags",
                "Compare `process_cpu_usage` and `jvm_gc_pause_seconds_max`. Give the node more CPU or memory, or add nodes.");
    }

    private AlertRules() {}

    private static void remedy(String alert, String... sentences) {
        REMEDIES.put("Ganglion" + alert, String.join("\n", sentences));
    }

    static String section() {
        StringBuilder section = new StringBuilder(INTRODUCTION);
        for (JsonNode rule : rules()) {
            String alert = rule.get("alert").asText();
            if (!REMEDIES.containsKey(alert)) {
                throw new IllegalStateException("no remedy for the alert " + alert);
            }
            section.append("\n### ").append(alert).append("\n\n");
            section.append("```text\n").append(rule.get("expr").asText()).append("\n```\n\n");
            if (rule.has("for")) {
                section.append("- **Fires** when this holds for ")
                        .append(rule.get("for").asText())
                        .append(".\n");
            }
            section.append("- **Severity:** `")
                    .append(rule.at("/labels/severity").asText())
                    .append("`.\n");
            section.append("- **Meaning:** ")
                    .append(plain(rule.at("/annotations/summary").asText()))
                    .append(".\n");
            section.append("- **What to do:** ")
                    .append(REMEDIES.get(alert).replace("\n", "\n  "))
                    .append('\n');
        }
        return section.toString();
    }

    /** Replaces the templates of Prometheus by words. */
    private static String plain(String summary) {
        String text = summary.replace("{{ $labels.instance }}", "A node")
                .replace("{{ $labels.project }}", "a project")
                .replace("memory for {{ $labels.budget }}", "memory for them (the label `budget` names the purpose)")
                .replace("{{ $labels.reason }}", "the label `reason` names the cause")
                .replace("{{ $value | humanizePercentage }}", "Over 20 %")
                .replace("longer than {{ $value | humanizeDuration }}", "longer than a second")
                .replace("by {{ $value | humanizeDuration }}", "by over a second");
        if (text.contains("{{")) {
            throw new IllegalStateException("a template without words: " + text);
        }
        return text;
    }

    static List<JsonNode> rules() {
        try {
            List<JsonNode> rules = new ArrayList<>();
            new YAMLMapper()
                    .readTree(Files.readString(FILE))
                    .findValues("rules")
                    .forEach(group -> group.forEach(rules::add));
            return rules;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.ganglion.docs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes the page about metrics and alerts from the metrics themselves and from {@code docker/watching/rules.yaml}. */
final class MetricsPage {
    private static final String INTRODUCTION = """
            # Metrics and alerts

            Every node exports its metrics at `/metrics`, in the text format of [Prometheus](https://prometheus.io). This page lists all metrics, and the alert rules with their remedies.

            **Contents:** [Read the metrics](#read-the-metrics) · [How to use the tables](#how-to-use-the-tables) · %s · [The process](#the-process) · [Alerts](#alerts)

            ## Read the metrics

            Set `metrics.token`, and give the token to Prometheus. It allows nothing else. The admin key works too:

            ```sh
            curl -s -H "Authorization: Bearer $METRICS_TOKEN" "$BRAIN/metrics"
            ```

            Each node reports only itself. Scrape every node directly, not the proxy:

            ```yaml
            scrape_configs:
              - job_name: ganglion
                authorization: {credentials_file: /etc/prometheus/metrics-token}
                static_configs:
                  - targets: ["10.0.0.1:7700", "10.0.0.2:7700", "10.0.0.3:7700"]
            ```

            [`docker/watching`](../../docker/README.md#monitoring) contains a complete configuration of Prometheus, a Grafana dashboard, and the alert rules.

            ## How to use the tables

            - A **counter** only grows, and starts at 0 with the process. Use `rate()` or `increase()`. Most counters appear when they first count.
            - A **gauge** is the present value.
            - A **histogram** has the series `_bucket`, `_count`, `_sum` and `_max`. Use `histogram_quantile()`. A **summary** has the same series without `_bucket`.
            - Names begin with `z4j_` for agents, events, commands and tasks, and with `ganglion_` for the brain itself.
            - `project` is the slug of a project. Agents choose the values of some other labels, so a node keeps at most 200 series of such a metric for each project and counts the project's further values as `__overflow__`.
            """;
    private static final String PROCESS = """

            ## The process

            These metrics come from the library [Micrometer](https://micrometer.io). Their exact set depends on the JVM and its garbage collector.

            | Metrics | Meaning |
            |---|---|
            | `jvm_memory_*`, `jvm_buffer_*` | memory of the JVM by area; buffers outside the heap |
            | `jvm_gc_*` | garbage collections and their pauses |
            | `jvm_threads_*` | threads of the JVM |
            | `process_cpu_*` | CPU time and CPU usage of the process |
            | `system_*` | CPU count, CPU usage and load of the machine |
            """;

    private static final Map<String, Group> GROUPS = new LinkedHashMap<>();

    /**
     * Metrics that belong together.
     *
     * @param note a sentence for readers; empty if the table says all
     */
    private record Group(String note, List<String> names) {}

    static {
        group(
                "Agents and connections",
                "An agent that is connected to two nodes counts on both, so sums over nodes may be larger than the number of agents. `agents_online` of"
                        + " `GET /api/v1/cluster` counts each agent once.\n\n`reason` of a closed connection is a label of [Close codes](close-codes.md)."
                        + " `reason` of a rejected upgrade is `rate` (of one address), `draining`, `store` (Redis is unavailable), `cut_off`, `bearer` (the token), `malformed` (also another version of WebSocket than 13), or"
                        + " `dashboards` (too many). `reason` of a rejected long poll is an [error code](errors.md)."
                        + " `reason` of an ended connection is `head_timeout` or `request_timeout` (the request did not arrive in time), `idle`, `address_limit` or `node_limit`.",
                "z4j_agents_online z4j_ws_connections ganglion_agent_connections ganglion_poll_sessions ganglion_connections_closed_total"
                        + " ganglion_upgrades_refused_total ganglion_polls_refused_total ganglion_http_connections"
                        + " ganglion_http_connections_limit ganglion_http_connections_ended_total ganglion_hellos_damped_total ganglion_journal_dropped_total");
        group(
                "Frames and events",
                "`reason` of a refused frame is a label of [Close codes](close-codes.md). Of the two sizes of stored events, the ratio `ganglion_events_stored_bytes_total` / `ganglion_events_bytes_total` shows what compression saves.",
                "z4j_events_ingested_total ganglion_events_rejected_total ganglion_events_bytes_total ganglion_events_stored_bytes_total ganglion_batches_stored_total ganglion_batches_known_total"
                        + " ganglion_batches_repeated_total ganglion_frames_total ganglion_frames_refused_total ganglion_ack_latency_seconds");
        group(
                "Commands",
                "`action` is the verb, and `status` is the outcome: `completed`, `failed` or `timeout`."
                        + " `effect` is `took_effect`, `repeated`, `late` (after the time-out) or `refused` (not a command of this agent).",
                "z4j_commands_total ganglion_command_results_total ganglion_command_hop_seconds");
        group(
                "Tasks, queues and projections",
                "Only the node that projects a shard reports its metrics, so sums over nodes are right.",
                "z4j_task_duration_seconds z4j_workers_online z4j_queue_depth ganglion_projection_lag_seconds ganglion_projection_lag_entries"
                        + " ganglion_projection_skipped_bytes_total ganglion_projection_caught_up_ratio"
                        + " ganglion_projection_memory_bytes");
        group(
                "Cluster and slots",
                "[Running a cluster](running-a-cluster.md#failures) explains splits and failures.",
                "ganglion_cluster_members ganglion_cluster_cut_off ganglion_bus_unreachable ganglion_bus_refused_total ganglion_slots ganglion_slots_moved_total ganglion_slots_reasserted_total"
                        + " ganglion_writes_fenced_total");
        group(
                "Memory for clients",
                "`budget` is `sockets` (messages of WebSockets), `answers` (answers of the REST API, until the client has received them) or `uploads` (request bodies; a body of a REST call counts eight times, since its JSON tree is larger).",
                "ganglion_budget_bytes ganglion_budget_limit_bytes ganglion_budget_refusals_total");
        group(
                "Redis and event loops",
                "`reason` is the cause of an outage: [The store is unavailable](troubleshooting.md#the-store-is-unavailable) explains each.",
                "ganglion_store_unavailable ganglion_lanes_away ganglion_store_latency_seconds ganglion_event_loop_lag_seconds");
        group(
                "People, audit and the page",
                "`outcome` of a login is `ok`, `wrong`, `throttled` or `failed`. `step` is `begin` (the change was refused) or `record` (the change may have been made)."
                        + " [People, roles and audit](people.md) explains both.",
                "ganglion_logins_total ganglion_audit_records_total ganglion_audit_failures_total ganglion_dashboards ganglion_dashboards_closed_total");
    }

    private MetricsPage() {}

    private static void group(String title, String note, String names) {
        GROUPS.put(title, new Group(note, List.of(names.split(" ", -1))));
    }

    /** Returns the names of all metrics that the page lists. */
    static List<String> names() {
        List<String> names = new ArrayList<>();
        GROUPS.values().forEach(group -> names.addAll(group.names()));
        return names;
    }

    static String text() {
        Map<String, MetricFamily> families = AllMetrics.families();
        String contents = GROUPS.keySet().stream()
                .map(title -> "[" + title + "](#" + ReferencePages.anchor(title) + ")")
                .collect(Collectors.joining(" · "));
        StringBuilder page = new StringBuilder(INTRODUCTION.formatted(contents));
        GROUPS.forEach((title, group) -> {
            page.append("\n## ").append(title).append("\n\n");
            if (!group.note().isEmpty()) {
                page.append(group.note()).append("\n\n");
            }
            Table table = Table.of("Metric", "Type", "Unit", "Labels", "Meaning");
            for (String name : group.names()) {
                MetricFamily family = families.get(name);
                if (family == null) {
                    throw new IllegalStateException("no brain exports the metric " + name);
                }
                table.add("`" + name + "`", family.type(), family.unit(), labels(family), family.help());
            }
            page.append(table);
        });
        return page.append(PROCESS).append(AlertRules.section()).toString();
    }

    private static String labels(MetricFamily family) {
        return family.labels().isEmpty()
                ? "–"
                : family.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(", "));
    }
}

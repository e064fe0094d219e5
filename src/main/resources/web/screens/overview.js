// The current figures of a project, and charts of the last minutes.

import { html, useMemo } from "../vendor/ui.js";
import { useApp, useResource } from "../state.js";
import { path, query } from "../api.js";
import { Chart } from "../charts.js";
import { Ago, Badge, Empty, Fault } from "../parts.js";
import { Table } from "../table.js";
import { hrefOf } from "../links.js";
import { millis, number } from "../format.js";

const EVERY_MS = 2_000;

function Figure({ label, value, note, href }) {
  return html`<div class="figure"><dt>${href ? html`<a href=${href}>${label}</a>` : label}</dt>
    <dd><b>${value}</b>${note && html`<span class="quiet">${note}</span>`}</dd></div>`;
}

function Charts({ samples }) {
  const times = useMemo(() => samples.map((sample) => Date.parse(sample.at) / 1000), [samples]);
  const of = (name) => samples.map((sample) => sample[name]);
  const lines = useMemo(() => ({
    events: [{ label: "events/s", colour: "--accent", fill: "--accent-soft", values: of("events_per_second") }],
    ack: [
      { label: "p50", colour: "--accent", values: of("ack_p50_ms") },
      { label: "p99", colour: "--warn", values: of("ack_p99_ms") },
    ],
    connections: [{ label: "connections", colour: "--accent", fill: "--accent-soft", values: of("connections") }],
    commands: [{ label: "finished/min", colour: "--accent", fill: "--accent-soft", values: of("commands_per_second").map((each) => 60 * each) }],
  }), [samples]);
  return html`<div class="charts">
    <${Chart} title="Events stored" times=${times} lines=${lines.events} show=${number} />
    <${Chart} title="Ack latency" times=${times} lines=${lines.ack} show=${millis} />
    <${Chart} title="Connections" whole times=${times} lines=${lines.connections} show=${number} />
    <${Chart} title="Commands" times=${times} lines=${lines.commands} show=${number} />
  </div>`;
}

export function Overview() {
  const { project } = useApp();
  const base = path("projects", project.slug);
  const overview = useResource(base + "/overview", [], EVERY_MS);
  const agents = useResource(base + "/agents?limit=500", ["agent.changed"]);
  const commands = useResource(base + "/commands" + query({ limit: 8 }), ["command.changed"]);
  const cluster = useResource("/cluster", ["cluster.changed"], 5_000);
  const last = overview.data?.samples.at(-1);
  const items = agents.data?.items || [];
  const online = items.filter((agent) => agent.state === "online").length;
  const nodes = cluster.data?.nodes || [];
  const leaving = nodes.filter((node) => node.draining).length;
  return html`
    <div class="head"><h1 tabindex="-1">${project.name}</h1></div>
    <${Fault} problem=${overview.problem} retry=${overview.reload} />
    <dl class="figures">
      <${Figure} label="Agents online" href=${hrefOf(project.slug, "agents")} value=${agents.data ? online : "–"}
        note=${agents.data && `of ${items.length}${agents.data.next_cursor ? "+" : ""}`} />
      <${Figure} label="Connections" value=${last ? last.connections : "–"} />
      <${Figure} label="Events/s" href=${hrefOf(project.slug, "events")} value=${last ? number(last.events_per_second) : "–"} />
      <${Figure} label="Ack latency p99" value=${millis(last?.ack_p99_ms)} note=${last?.ack_p50_ms != null && `p50 ${millis(last.ack_p50_ms)}`} />
      <${Figure} label="Nodes" href="#/cluster" value=${cluster.data ? nodes.length : "–"} note=${leaving ? `${leaving} draining` : ""} />
    </dl>
    ${overview.data && html`<${Charts} samples=${overview.data.samples} />`}
    <section aria-labelledby="latest"><div class="head"><h2 id="latest">Latest commands</h2>
      <a href=${hrefOf(project.slug, "commands")}>All commands</a></div>
      ${commands.data && (commands.data.items.length
        ? html`<${Table} caption="Latest commands" rows=${commands.data.items} columns=${columns(project.slug, items)} />`
        : html`<${Empty} title="No commands yet">Commands appear here as soon as an operator issues one.</${Empty}>`)}
    </section>`;
}

function columns(slug, agents) {
  return [
    { label: "Command", cell: (command) => html`<a href=${hrefOf(slug, "commands", command.id)}>${command.verb.replaceAll("_", " ")}</a>` },
    { label: "Agent", cell: (command) => agents.find((agent) => agent.id === command.agent_id)?.name || "–" },
    { label: "Status", cell: (command) => html`<${Badge} of=${command.status} />` },
    { label: "Issued", cell: (command) => html`<${Ago} time=${command.issued_at} />` },
  ];
}

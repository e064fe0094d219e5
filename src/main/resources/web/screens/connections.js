// Sections of an agent's screen: its worker processes, its journal, its registry.

import { html } from "../vendor/ui.js";
import { usePages, useResource } from "../state.js";
import { path } from "../api.js";
import { Ago, At, Badge, Empty, Fault } from "../parts.js";
import { List, Table } from "../table.js";
import { duration, json } from "../format.js";

export function Connections({ base }) {
  const workers = useResource(base + "/workers", ["agent.changed"], 5_000);
  const cluster = useResource("/cluster", ["cluster.changed"]);
  const address = (node) => cluster.data?.nodes.find((each) => each.id === node)?.address || node;
  const rows = [...(workers.data?.items || [])].sort((a, b) => (address(a.node) + a.worker_id).localeCompare(address(b.node) + b.worker_id));
  return html`<section aria-labelledby="workers"><div class="head"><h2 id="workers">Worker processes by node</h2></div>
    <${Fault} problem=${workers.problem} retry=${workers.reload} />
    ${workers.data && !rows.length && html`<${Empty} title="Not connected">The journal below shows how the last connection ended.</${Empty}>`}
    ${rows.length > 0 && html`<${Table} caption="Worker processes by node" rows=${rows} keyOf=${(row) => row.session_id} columns=${[
      { label: "Worker process", cell: (row) => row.worker_id || html`<span class="quiet">${row.transport === "long_poll" ? "long poll" : "unnamed"}</span>` },
      { label: "Node", cell: (row) => html`<span class="mono" title=${row.node}>${address(row.node)}</span>` },
      { label: "Role", cell: (row) => row.role || "–" },
      { label: "Process id", right: true, cell: (row) => row.pid ?? "–" },
      { label: "From", cell: (row) => html`<span class="mono">${row.remote_address}</span>` },
      { label: "Connected", cell: (row) => html`<${Ago} time=${row.connected_at} />` },
      { label: "Last seen", cell: (row) => html`<${Ago} time=${row.last_seen_at} />` },
    ]} />`}
  </section>`;
}

const KINDS = { connect: "connected", close: "closed", refusal: "refused", flood: "resent batches", contest: "slot contest" };

function Details({ entry }) {
  return html`${entry.code && html`<b class="mono">${entry.code}</b> `}${entry.message || entry.reason || ""}
    ${entry.agent_version && html` version ${entry.agent_version}`}
    ${entry.kind === "connect" && entry.transport === "long_poll" && html` by long poll`}
    ${entry.kind === "flood" && html` The agent resent ${entry.count} batches`}
    ${entry.count > 1 && entry.kind !== "flood" && html` <span class="quiet">× ${entry.count}</span>`}
    ${entry.closed_by && html` <span class="quiet">by the ${entry.closed_by}, after ${duration(entry.open_seconds)} and ${entry.frames} frames</span>`}`;
}

function Skew({ ms }) {
  if (ms === null || ms === undefined) return html`<span class="quiet">–</span>`;
  const text = `${ms > 0 ? "+" : ""}${(ms / 1000).toFixed(Math.abs(ms) < 10_000 ? 2 : 0)} s`;
  return Math.abs(ms) > 30_000 ? html`<${Badge} of="error">${text}</${Badge}>` : text;
}

export function Journal({ base }) {
  const entries = usePages(base + "/journal?limit=20", ["agent.changed"], 5_000);
  return html`<section aria-labelledby="journal"><div class="head"><h2 id="journal">Journal</h2></div>
    <${List} of=${entries} caption="Journal" empty=${html`<${Empty} title="No entries yet">The journal shows connects, closes with their close codes, and refusals.</${Empty}>`} columns=${[
      { label: "Time", cell: (entry) => html`<${At} time=${entry.time} />` },
      { label: "Event", cell: (entry) => html`<${Badge} of=${entry.kind}>${KINDS[entry.kind] || entry.kind}</${Badge}>` },
      { label: "Details", wide: true, cell: (entry) => html`<${Details} entry=${entry} />` },
      { label: "Worker process", cell: (entry) => entry.worker_id || html`<span class="quiet">–</span>` },
      { label: "From", cell: (entry) => html`<span class="mono">${entry.remote_address || "–"}</span>` },
      { label: "Clock skew", right: true, cell: (entry) => html`<${Skew} ms=${entry.clock_skew_ms} />` },
    ]} />
  </section>`;
}

export function Registry({ project, id }) {
  const registry = usePages(path("projects", project.slug, "registry") + "?limit=500", [], 30_000);
  const mine = registry.items?.filter((entry) => entry.agent_id === id);
  return html`<section aria-labelledby="registry"><div class="head"><h2 id="registry">Registry</h2></div>
    <${List} of=${{ ...registry, items: mine }} caption="Registry" keyOf=${(entry) => entry.engine + entry.name}
      empty=${html`<${Empty} title="No registry entries">Agents announce the tasks and schedules of their engines.</${Empty}>`} columns=${[
      { label: "Name", cell: (entry) => html`<span class="mono">${entry.name}</span>` },
      { label: "Engine", cell: (entry) => entry.engine },
      { label: "Entry", wide: true, cell: (entry) => html`<details><summary>Show</summary><pre tabindex="0">${json(entry.entry)}</pre></details>` },
    ]} />
  </section>`;
}

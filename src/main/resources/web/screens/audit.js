// The audit log, newest first.

import { html } from "../vendor/ui.js";
import { useApp, usePages } from "../state.js";
import { path } from "../api.js";
import { At, Badge, Empty } from "../parts.js";
import { List } from "../table.js";

const COLUMNS = [
  { label: "Time", cell: (entry) => html`<${At} time=${entry.time} />` },
  { label: "Actor", cell: (entry) => entry.actor || "–" },
  { label: "Action", cell: (entry) => html`<span class="mono">${entry.action}</span>` },
  { label: "Target", wide: true, cell: (entry) => html`<span class="mono">${entry.target}</span>${entry.subject && html` <span class="mono quiet">${entry.subject}</span>`}` },
  { label: "From", cell: (entry) => html`<span class="mono">${entry.remote_address || "–"}</span>` },
  { label: "Outcome", cell: (entry) => html`<${Badge} of=${entry.outcome === "ok" ? "ok" : "error"}>${entry.outcome}</${Badge}>${entry.count > 1 && html` <span class="quiet">${entry.count.toLocaleString()} times since <${At} time=${entry.first_time} /></span>`}` },
];

export function Audit({ all }) {
  const { project } = useApp();
  const base = all ? "/audit" : path("projects", project.slug, "audit");
  const entries = usePages(base + "?limit=50", ["agent.changed", "command.changed", "cluster.changed"], 10_000);
  return html`
    <div class="head"><h1 tabindex="-1">${all ? "Audit of all projects" : "Audit"}</h1></div>
    <p>The audit log records every change and every command. A keyed checksum chains each record to the previous one. Check the whole chain with <span class="mono">ganglion audit verify</span>. Refused calls are counted per caller, beside the chain.</p>
    <${List} of=${entries} caption="Audit" columns=${COLUMNS} empty=${html`<${Empty} title="No audit records yet" />`} />`;
}

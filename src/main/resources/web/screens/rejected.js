// Rejected events and the rules that they broke.

import { html } from "../vendor/ui.js";
import { useApp, usePages } from "../state.js";
import { path } from "../api.js";
import { At, Empty } from "../parts.js";
import { List } from "../table.js";
import { json, short } from "../format.js";

export function RejectedEvents() {
  const { project } = useApp();
  const events = usePages(path("projects", project.slug, "dead-letters") + "?limit=50", ["task.changed"], 10_000);
  const columns = [
    { label: "Time", cell: (event) => html`<${At} time=${event.received_at} />` },
    { label: "Reason", wide: true, cell: (event) => html`${event.field && !event.reason.startsWith(event.field) && html`<b class="mono">${event.field}</b> `}${event.reason}` },
    { label: "Agent", cell: (event) => html`<span class="mono">${short(event.agent_id)}</span>` },
    { label: "Event", wide: true, cell: (event) => html`<details><summary>Show</summary><pre tabindex="0">${json(event.event)}</pre></details>` },
  ];
  return html`
    <div class="head"><h1 tabindex="-1">Rejected events</h1></div>
    <p>These events broke a rule. The brain stored them apart from the rest of their batch, with the reason.</p>
    <${List} of=${events} caption="Rejected events" columns=${columns} empty=${html`<${Empty} title="No rejected events">All events so far kept the rules.</${Empty}>`} />`;
}

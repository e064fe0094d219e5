// Events that broke a rule, and which.

import { html } from "../vendor/ui.js";
import { useApp, usePages } from "../state.js";
import { path } from "../api.js";
import { At, Empty } from "../parts.js";
import { List } from "../table.js";
import { json, short } from "../format.js";

export function DeadLetters() {
  const { project } = useApp();
  const letters = usePages(path("projects", project.slug, "dead-letters") + "?limit=50", ["task.changed"], 10_000);
  const columns = [
    { label: "Time", cell: (letter) => html`<${At} time=${letter.received_at} />` },
    { label: "Reason", wide: true, cell: (letter) => html`${letter.field && !letter.reason.startsWith(letter.field) && html`<b class="mono">${letter.field}</b> `}${letter.reason}` },
    { label: "Agent", cell: (letter) => html`<span class="mono">${short(letter.agent_id)}</span>` },
    { label: "Event", wide: true, cell: (letter) => html`<details><summary>Show</summary><pre tabindex="0">${json(letter.event)}</pre></details>` },
  ];
  return html`
    <div class="head"><h1 tabindex="-1">Dead letters</h1></div>
    <p>Events that an agent sent and that broke a rule. Their batch was stored without them.</p>
    <${List} of=${letters} caption="Dead letters" columns=${columns} empty=${html`<${Empty} title="None">Every event that came kept the rules.</${Empty}>`} />`;
}

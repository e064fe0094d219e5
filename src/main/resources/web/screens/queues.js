// Queues and engine workers.

import { html } from "../vendor/ui.js";
import { useApp, useMay, usePages } from "../state.js";
import { path, query } from "../api.js";
import { Ago, Badge, Empty } from "../parts.js";
import { List } from "../table.js";
import { hrefOf } from "../links.js";
import { json, number } from "../format.js";

export function Queues() {
  const { project } = useApp();
  const mayPurge = useMay("admin");
  const base = path("projects", project.slug);
  const queues = usePages(base + "/queues?limit=100", ["task.changed"], 5_000);
  const workers = usePages(base + "/workers?limit=100", ["task.changed"], 5_000);
  const queueColumns = [
    { label: "Queue", cell: (queue) => html`<span class="mono">${queue.name}</span>` },
    { label: "Engine", cell: (queue) => queue.engine || "–" },
    { label: "Depth", right: true, cell: (queue) => number(queue.depth ?? null) },
    { label: "Reported", cell: (queue) => html`<${Ago} time=${queue.reported_at} />` },
    ...(mayPurge ? [{ label: "", cell: (queue) => html`<a class="button small danger"
      href=${hrefOf(project.slug, "commands") + query({ verb: "purge_queue", queue: queue.name, engine: queue.engine, agent: queue.agent_id })}>Purge…</a>` }] : []),
  ];
  const workerColumns = [
    { label: "Worker", cell: (worker) => html`<span class="mono">${worker.name}</span>` },
    { label: "State", cell: (worker) => html`<${Badge} of=${worker.state} />` },
    { label: "Engine", cell: (worker) => worker.engine },
    { label: "Online since", cell: (worker) => html`<${Ago} time=${worker.state === "online" ? worker.online_at : null} />` },
    { label: "Last seen", cell: (worker) => html`<${Ago} time=${worker.last_seen_at} />` },
    { label: "Details", wide: true, cell: (worker) => (worker.details
      ? html`<details><summary>Show</summary><pre tabindex="0">${json(worker.details)}</pre></details>` : html`<span class="quiet">–</span>`) },
  ];
  return html`
    <div class="head"><h1 tabindex="-1">Queues and workers</h1></div>
    <section aria-labelledby="queues"><div class="head"><h2 id="queues">Queues</h2></div>
      <${List} of=${queues} caption="Queues" columns=${queueColumns} keyOf=${(queue) => `${queue.engine} ${queue.name}`}
        empty=${html`<${Empty} title="No queues yet">Agents report queue depths with each heartbeat, if their engine supports that.</${Empty}>`} /></section>
    <section aria-labelledby="engine-workers"><div class="head"><h2 id="engine-workers">Engine workers</h2></div>
      <${List} of=${workers} caption="Engine workers" columns=${workerColumns} keyOf=${(worker) => `${worker.engine} ${worker.name}`}
        empty=${html`<${Empty} title="No engine workers yet">Engine workers appear as soon as an agent reports one.</${Empty}>`} /></section>`;
}

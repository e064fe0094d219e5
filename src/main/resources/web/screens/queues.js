// Queues, the engines' workers, and what was counted.

import { html } from "../vendor/ui.js";
import { useApp, useMay, usePages } from "../state.js";
import { path, query } from "../api.js";
import { Ago, Badge, Empty } from "../parts.js";
import { List } from "../table.js";
import { hrefOf } from "../routes.js";
import { number } from "../format.js";

export function Queues() {
  const { project } = useApp();
  const mayPurge = useMay("admin");
  const base = path("projects", project.slug);
  const queues = usePages(base + "/queues?limit=100", ["task.changed"], 5_000);
  const workers = usePages(base + "/workers?limit=100", ["task.changed"], 5_000);
  const queueColumns = [
    { label: "Queue", cell: (queue) => html`<span class="mono">${queue.name ?? queue.queue}</span>` },
    { label: "Engine", cell: (queue) => queue.engine || "–" },
    { label: "Depth", right: true, cell: (queue) => number(queue.depth ?? null) },
    { label: "Told", cell: (queue) => html`<${Ago} time=${queue.updated_at ?? queue.last_seen_at} />` },
    ...(mayPurge ? [{ label: "", cell: (queue) => html`<a class="button small danger"
      href=${hrefOf(project.slug, "commands") + query({ verb: "purge_queue", queue: queue.name ?? queue.queue, agent: queue.agent_id })}>Purge…</a>` }] : []),
  ];
  const workerColumns = [
    { label: "Worker", cell: (worker) => html`<span class="mono">${worker.name}</span>` },
    { label: "State", cell: (worker) => html`<${Badge} of=${worker.state} />` },
    { label: "Engine", cell: (worker) => worker.engine },
    { label: "Pool", right: true, cell: (worker) => worker.concurrency ?? worker.pool_size ?? "–" },
    { label: "Active", right: true, cell: (worker) => worker.active ?? worker.active_tasks ?? "–" },
    { label: "Queues", cell: (worker) => (worker.queues || []).join(", ") || "–" },
    { label: "Last seen", cell: (worker) => html`<${Ago} time=${worker.last_heartbeat_at ?? worker.last_seen_at} />` },
  ];
  return html`
    <div class="head"><h1 tabindex="-1">Queues and workers</h1></div>
    <section aria-labelledby="queues"><div class="head"><h2 id="queues">Queues</h2></div>
      <${List} of=${queues} caption="Queues" columns=${queueColumns} keyOf=${(queue) => `${queue.engine} ${queue.name ?? queue.queue}`}
        empty=${html`<${Empty} title="No queues yet">Agents tell of their depths with each heartbeat, where their engine knows.</${Empty}>`} /></section>
    <section aria-labelledby="engine-workers"><div class="head"><h2 id="engine-workers">Engine workers</h2></div>
      <${List} of=${workers} caption="Engine workers" columns=${workerColumns} keyOf=${(worker) => `${worker.engine} ${worker.name}`}
        empty=${html`<${Empty} title="No workers yet">They show as soon as an engine tells of one.</${Empty}>`} /></section>`;
}

// Tasks, as the brain derives them from events.

import { html, useState } from "../vendor/ui.js";
import { useApp, usePages, useResource } from "../state.js";
import { path, query } from "../api.js";
import { Ago, Badge, Empty, Field } from "../parts.js";
import { List } from "../table.js";
import { hrefOf } from "../links.js";
import { duration, number, short } from "../format.js";

const STATES = ["pending", "received", "started", "success", "failure", "retry", "revoked", "rejected", "unknown"];

export const runtime = (task) => (task.runtime_ms === null || task.runtime_ms === undefined ? "–" : duration(task.runtime_ms / 1000));

function Counts({ stats, show }) {
  const states = Object.entries(stats.tasks.by_state).filter(([, count]) => count > 0);
  return html`<dl class="figures">${states.map(([state, count]) => html`<div class="figure">
    <dt><button type="button" class="link" onClick=${() => show(state)}>${state}</button></dt><dd><b>${number(count)}</b></dd></div>`)}</dl>`;
}

export function Tasks() {
  const { project } = useApp();
  const [filter, setFilter] = useState({ state: "", name: "", queue: "", worker: "" });
  const set = (name) => (event) => setFilter({ ...filter, [name]: event.target.value });
  const tasks = usePages(path("projects", project.slug, "tasks") + query({ ...filter, limit: 50 }), ["task.changed"], 10_000);
  const stats = useResource(path("projects", project.slug, "stats"), ["task.changed"], 10_000);
  const columns = [
    { label: "Task", cell: (task) => html`<a href=${hrefOf(project.slug, "tasks", task.engine, task.task_id)}>${task.name || short(task.task_id)}</a>` },
    { label: "State", cell: (task) => html`<${Badge} of=${task.state} />` },
    { label: "Id", cell: (task) => html`<span class="mono" title=${task.task_id}>${short(task.task_id)}</span>` },
    { label: "Queue", cell: (task) => task.queue || "–" },
    { label: "Worker", cell: (task) => html`<span class="cut">${task.worker_name || "–"}</span>` },
    { label: "Runtime", right: true, cell: runtime },
    { label: "Retries", right: true, cell: (task) => task.retries ?? "–" },
    { label: "Received", cell: (task) => html`<${Ago} time=${task.received_at} />` },
  ];
  const filtered = Object.values(filter).some(Boolean);
  return html`
    <div class="head"><h1 tabindex="-1">Tasks</h1></div>
    ${stats.data?.tasks.total > 0 && html`<${Counts} stats=${stats.data} show=${(state) => setFilter({ ...filter, state })} />`}
    <div class="filters">
      <${Field} label="State" value=${filter.state} options=${[["", "Any"], ...STATES]} onChange=${set("state")} />
      <${Field} label="Name" value=${filter.name} onChange=${set("name")} maxlength="500" />
      <${Field} label="Queue" value=${filter.queue} onChange=${set("queue")} maxlength="200" />
      <${Field} label="Worker" value=${filter.worker} onChange=${set("worker")} maxlength="200" />
    </div>
    <${List} of=${tasks} caption="Tasks" columns=${columns} keyOf=${(task) => task.engine + task.task_id}
      empty=${html`<${Empty} title=${filtered ? "No matching tasks" : "No tasks yet"}>${filtered ? "Change the filters." : "Tasks appear as soon as an agent reports one."}</${Empty}>`} />`;
}

// The stored events, newest first.

import { html, useState } from "../vendor/ui.js";
import { useApp, usePages } from "../state.js";
import { path, query } from "../api.js";
import { At, Badge, Empty, Field } from "../parts.js";
import { List } from "../table.js";
import { hrefOf } from "../links.js";
import { json, short } from "../format.js";

const KINDS = [
  ..."sent received started succeeded failed retried revoked rejected".split(" ").map((each) => `task.${each}`),
  "worker.online", "worker.offline", "worker.heartbeat", "queue.depth_report",
  ..."run_started run_completed created updated deleted snapshot".split(" ").map((each) => `schedule.${each}`),
  "unknown",
];
const TONES = { "task.succeeded": "success", "task.failed": "failed", "task.retried": "retry", "task.revoked": "revoked", "task.rejected": "rejected", "task.started": "started" };

export function Kind({ kind }) {
  return html`<${Badge} of=${TONES[kind] || ""}>${kind}</${Badge}>`;
}

const local = (text) => (text ? new Date(text).toISOString() : "");

export function Events({ params }) {
  const { project } = useApp();
  const [filter, setFilter] = useState({ kind: params.kind || "", engine: params.engine || "", task_id: params.task_id || "", since: "", until: "" });
  const set = (name) => (event) => setFilter({ ...filter, [name]: event.target.value });
  const filters = { ...filter, since: local(filter.since), until: local(filter.until), limit: 50 };
  const events = usePages(path("projects", project.slug, "events") + query(filters), ["task.changed"], 5_000);
  const columns = [
    { label: "Occurred", cell: (event) => html`<${At} time=${event.occurred_at} />` },
    { label: "Kind", cell: (event) => html`<${Kind} kind=${event.kind} />` },
    { label: "Task", cell: (event) => event.task_id
      ? html`<a class="mono" href=${hrefOf(project.slug, "tasks", event.engine, event.task_id)} title=${event.task_id}>${short(event.task_id)}</a>` : html`<span class="quiet">–</span>` },
    { label: "Name", cell: (event) => html`<span class="mono cut">${event.data?.task_name || event.data?.name || "–"}</span>` },
    { label: "Engine", cell: (event) => event.engine },
    { label: "Data", wide: true, cell: (event) => html`<details><summary>Show</summary><pre tabindex="0">${json(event.data)}</pre></details>` },
  ];
  const filtered = Object.values(filter).some(Boolean);
  return html`
    <div class="head"><h1 tabindex="-1">Events</h1></div>
    <div class="filters">
      <${Field} label="Kind" value=${filter.kind} options=${[["", "Any"], ...KINDS]} onChange=${set("kind")} />
      <${Field} label="Engine" value=${filter.engine} onChange=${set("engine")} maxlength="40" />
      <${Field} label="Task id" value=${filter.task_id} onChange=${set("task_id")} maxlength="200" />
      <${Field} label="Since" type="datetime-local" value=${filter.since} onChange=${set("since")} />
      <${Field} label="Until" type="datetime-local" value=${filter.until} onChange=${set("until")} />
    </div>
    <${List} of=${events} caption="Events" columns=${columns}
      empty=${html`<${Empty} title=${filtered ? "No matching events" : "No events yet"}>${filtered ? "Change the filters." : "Events appear as soon as an agent sends some."}</${Empty}>`} />`;
}

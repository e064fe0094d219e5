// One task and the timeline of its events.

import { html } from "../vendor/ui.js";
import { useApp, useMay, usePages, useResource } from "../state.js";
import { path, query } from "../api.js";
import { At, Badge, Empty, Fault } from "../parts.js";
import { List } from "../table.js";
import { hrefOf } from "../links.js";
import { duration, json, short } from "../format.js";
import { Kind } from "./events.js";
import { runtime } from "./tasks.js";

function Facts({ task, slug }) {
  const facts = [
    ["State", html`<${Badge} of=${task.state} />`],
    ["Agent", task.agent_id && html`<a href=${hrefOf(slug, "agents", task.agent_id)} class="mono">${short(task.agent_id)}</a>`],
    ["Queue", task.queue],
    ["Worker", task.worker_name],
    ["Priority", task.priority],
    ["Runtime", runtime(task)],
    ["Retries", task.retries],
    ["Received", html`<${At} time=${task.received_at} />`],
    ["Started", html`<${At} time=${task.started_at} />`],
    ["Finished", html`<${At} time=${task.finished_at} />`],
  ];
  const texts = [["Exception", task.exception], ["Traceback", task.traceback], ["Result", task.result], ["Arguments", task.args], ["Keyword arguments", task.kwargs]];
  return html`
    <dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value ?? "–"}</dd></div>`)}</dl>
    ${texts.filter(([, value]) => value !== null && value !== undefined && value !== "").map(([name, value]) => html`
      <section aria-label=${name}><div class="head"><h2>${name}</h2></div><pre tabindex="0" aria-label=${name}>${typeof value === "string" ? value : json(value)}</pre></section>`)}`;
}

function gap(events, at) {
  const before = events[at + 1];
  if (!before) return "–";
  return "+" + duration((Date.parse(events[at].occurred_at) - Date.parse(before.occurred_at)) / 1000);
}

export function Task({ engine, id }) {
  const { project } = useApp();
  const mayCommand = useMay("operator");
  const base = path("projects", project.slug);
  const task = useResource(`${base}${path("tasks", engine, id)}`, ["task.changed"], 10_000);
  const events = usePages(`${base}/events${query({ engine, task_id: id, limit: 100 })}`, ["task.changed"], 10_000);
  const items = events.items ? [...events.items].sort((a, b) => Date.parse(b.occurred_at) - Date.parse(a.occurred_at)) : null;
  const agent = task.data?.agent_id || items?.[0]?.agent_id;
  const commandHref = (verb) => hrefOf(project.slug, "commands") + query({ verb, task_id: id, engine, agent });
  const columns = [
    { label: "Occurred", cell: (event) => html`<${At} time=${event.occurred_at} />` },
    { label: "Since the previous", right: true, cell: (event) => gap(items, items.indexOf(event)) },
    { label: "Kind", cell: (event) => html`<${Kind} kind=${event.kind} />` },
    { label: "Worker", cell: (event) => event.data?.worker || "–" },
    { label: "Data", wide: true, cell: (event) => html`<details><summary>Show</summary><pre tabindex="0">${json(event.data)}</pre></details>` },
  ];
  return html`
    <p class="crumbs"><a href=${hrefOf(project.slug, "tasks")}>Tasks</a></p>
    <div class="head"><h1 tabindex="-1">${task.data?.name || "Task"}</h1>
      ${mayCommand && agent && html`<div class="buttons"><a class="button" href=${commandHref("retry_task")}>Retry…</a><a class="button" href=${commandHref("cancel_task")}>Cancel…</a></div>`}</div>
    <p class="quiet mono">${engine}:${id}</p>
    ${task.problem?.status === 404 ? html`<${Empty} title="The brain knows only the events of this task" />` : html`<${Fault} problem=${task.problem} retry=${task.reload} />`}
    ${task.data && html`<${Facts} task=${task.data} slug=${project.slug} />`}
    <section aria-labelledby="timeline"><div class="head"><h2 id="timeline">Timeline</h2></div>
      <${List} of=${{ ...events, items }} caption="Timeline" columns=${columns} empty=${html`<${Empty} title="No events of this task are stored" />`} /></section>`;
}

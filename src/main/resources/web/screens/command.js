// One command and its progress.

import { html, useEffect, useRef } from "../vendor/ui.js";
import { useApp, useResource } from "../state.js";
import { path, query } from "../api.js";
import { At, Badge, Copy, Fault, Loading } from "../parts.js";
import { hrefOf } from "../links.js";
import { targetOf, titleOf } from "../verbs.js";
import { json } from "../format.js";
import { elapsed } from "./commands.js";

const FINAL = ["completed", "failed", "timeout"];

function Steps({ command }) {
  const steps = [
    ["Issued", command.issued_at],
    ["Dispatched", command.dispatched_at],
    ["Acknowledged", command.acknowledged_at],
    [FINAL.includes(command.status) ? command.status[0].toUpperCase() + command.status.slice(1) : "Outcome", command.completed_at],
  ];
  return html`<ol class="steps">${steps.map(([name, time]) => html`<li class=${time ? "done" : ""}><b>${name}</b> <${At} time=${time} /></li>`)}</ol>`;
}

function Json({ title, value }) {
  if (value === null || value === undefined) return null;
  const text = typeof value === "string" ? value : json(value);
  return html`<section aria-label=${title}><div class="head"><h2>${title}</h2><${Copy} text=${text} /></div><pre tabindex="0" aria-label=${title}>${text}</pre></section>`;
}

export function Command({ id }) {
  const { project, announce } = useApp();
  const base = path("projects", project.slug);
  const { data: command, problem, reload } = useResource(`${base}/commands/${encodeURIComponent(id)}`, ["command.changed"], 5_000);
  // Asks the list, because an agent that was revoked is a usual answer and no fault.
  const agents = useResource(command && `${base}/agents${query({ id: command.agent_id })}`, ["agent.changed"]);
  const agent = agents.data?.items[0];
  const before = useRef(null);
  useEffect(() => {
    if (command && before.current && before.current !== command.status) announce(`The command is ${command.status}`);
    before.current = command?.status || null;
  }, [command?.status]);
  return html`
    <p class="crumbs"><a href=${hrefOf(project.slug, "commands")}>Commands</a></p>
    <div class="head"><h1 tabindex="-1">${command ? titleOf(command.verb) : "Command"}</h1>
      ${command && html`<${Badge} of=${command.status} />`}</div>
    <${Fault} problem=${problem} retry=${reload} />
    ${!command && !problem && html`<${Loading} />`}
    ${command && html`
      <${Steps} command=${command} />
      <dl class="facts">
        <div><dt>Agent</dt><dd>${agent ? html`<a href=${hrefOf(project.slug, "agents", agent.id)}>${agent.name}</a>`
          : html`<span class="mono">${command.agent_id}</span>${agents.data && " (revoked)"}`}</dd></div>
        <div><dt>Target</dt><dd class="mono">${targetOf(command)}</dd></div>
        <div><dt>Issued by</dt><dd>${command.issued_by}</dd></div>
        <div><dt>Duration</dt><dd>${elapsed(command)}</dd></div>
        <div><dt>Times out</dt><dd><${At} time=${command.timeout_at} /></dd></div>
        <div><dt>Id</dt><dd class="mono">${command.id}</dd></div>
      </dl>
      ${command.status === "timeout" && command.may_have_run && html`<p class="note warn">The agent may have run this command: the brain delivered it, but received no result in time.</p>`}
      ${command.error && html`<div class="note bad" role="alert"><p><b class="mono">${command.error.code || "failed"}</b> ${command.error.message}</p></div>`}
      <${Json} title="Result" value=${command.result} />
      <${Json} title="Payload" value=${command.payload} />`}`;
}

// The form of a new command. It marks verbs that the agent has not announced, and asks for confirmation before a
// destructive command.

import { html, useState } from "../vendor/ui.js";
import { useApp, useResource } from "../state.js";
import { path, post } from "../api.js";
import { Confirm, Dialog, Empty, Fault, Field, Loading } from "../parts.js";
import { hrefOf } from "../links.js";
import { VERBS, bodyOf, enginesFor } from "../verbs.js";

function verbOptions(agent, isAdmin) {
  return VERBS.filter((verb) => isAdmin || !verb.admin).map((verb) => {
    const engines = enginesFor(agent, verb.name);
    return [verb.name, verb.title + (engines && !engines.length ? " (not announced)" : "")];
  });
}

function Fields({ verb, problem, given }) {
  return verb.fields.map(({ name, json, start, ...rest }) => html`<${Field} key=${verb.name + name} name=${name} ...${rest}
    defaultValue=${given[name] ?? start ?? ""} spellcheck=${json ? "false" : undefined} class=${json ? "mono" : ""}
    error=${problem?.field === name ? problem.message : ""} />`);
}

export function Issue({ params, onClose }) {
  const { project, announce, can } = useApp();
  const agents = useResource(path("projects", project.slug, "agents") + "?limit=500", ["agent.changed"]);
  const [agentId, setAgentId] = useState(params.agent || "");
  const [verbName, setVerbName] = useState(params.verb || "retry_task");
  const [problem, setProblem] = useState(null);
  const [sure, setSure] = useState(null);
  const items = agents.data?.items;
  const agent = items?.find((each) => each.id === agentId) || items?.find((each) => each.state === "online") || items?.[0];
  const verb = VERBS.find((each) => each.name === verbName) || VERBS[0];
  const engines = enginesFor(agent, verb.name);

  const issue = async (body) => {
    const base = path("projects", project.slug, "commands");
    const command = await post(base + "/" + verb.name.replaceAll("_", "-"), body);
    announce(`Issued the command: ${verb.title}`);
    location.hash = hrefOf(project.slug, "commands", command.id);
  };
  const submit = async (event) => {
    event.preventDefault();
    setProblem(null);
    try {
      const form = Object.fromEntries(new FormData(event.target));
      const body = { agent_id: agent.id, ...bodyOf(verb, form), ...(form.engine && { engine: form.engine }) };
      if (form.timeout) body.timeout_seconds = Number(form.timeout);
      body.idempotency_key = crypto.randomUUID?.() || String(Math.random()).slice(2);
      const danger = verb.destroys?.(body);
      if (danger) setSure({ body, text: danger[0], name: danger[1] });
      else await issue(body);
    } catch (failure) {
      setProblem(failure);
    }
  };
  const known = ["engine", "timeout_seconds", ...verb.fields.map((field) => field.name)].includes(problem?.field);
  return html`<${Dialog} title="Issue a command" onClose=${onClose}>
    ${!items && (agents.problem ? html`<${Fault} problem=${agents.problem} retry=${agents.reload} />` : html`<${Loading} />`)}
    ${items && !agent && html`<${Empty} title="This project has no agents">Create an agent first.</${Empty}>`}
    ${agent && html`<form onSubmit=${submit}>
      <${Field} label="Agent" value=${agent.id} options=${items.map((each) => [each.id, `${each.name} (${each.state})`])} onChange=${(event) => setAgentId(event.target.value)}
        hint=${agent.state === "online" ? "" : "This agent is not connected. The command waits for it until the command times out."} />
      <${Field} label="Command" value=${verb.name} options=${verbOptions(agent, can("admin"))} onChange=${(event) => (setVerbName(event.target.value), setProblem(null))} />
      ${engines && !engines.length && html`<p class="note warn">This agent has not announced this command and may reject it.</p>`}
      ${agent.engine_adapters.length > 1 && html`<${Field} label="Engine" name="engine" options=${[["", "The only engine that supports it"], ...agent.engine_adapters]} error=${problem?.field === "engine" ? problem.message : ""} />`}
      <${Fields} verb=${verb} problem=${problem} given=${params} />
      <${Field} label="Time-out in seconds" name="timeout" type="number" min="1" max="3600" placeholder="60" error=${problem?.field === "timeout_seconds" ? problem.message : ""} />
      ${problem && !known && html`<${Fault} problem=${problem} />`}
      <div class="actions"><button type="button" onClick=${onClose}>Cancel</button><button class="main">${verb.destroys ? "Issue…" : "Issue"}</button></div>
    </form>`}
    ${sure && html`<${Confirm} title="${verb.title}?" text=${sure.text} name=${sure.name} action=${verb.title} run=${() => issue(sure.body)} onClose=${() => setSure(null)} />`}
  </${Dialog}>`;
}

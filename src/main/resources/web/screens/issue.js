// The form of a new command. It names the exact agent, engine and object, marks verbs that the agent has not announced, and
// asks for confirmation before a destructive command.

import { html, useEffect, useRef, useState } from "../vendor/ui.js";
import { useApp, useResource } from "../state.js";
import { path, post, query } from "../api.js";
import { Confirm, Dialog, Empty, Fault, Field, Loading } from "../parts.js";
import { hrefOf } from "../links.js";
import { VERBS, bodyOf, engineOf, enginesFor, objectOf } from "../verbs.js";

const LISTED = 500;

function verbOptions(agent, isAdmin) {
  return VERBS.filter((verb) => isAdmin || !verb.admin).map((verb) => {
    const engines = enginesFor(agent, verb.name);
    return [verb.name, verb.title + (engines && !engines.length ? " (not announced)" : "")];
  });
}

function Fields({ verb, problem, given }) {
  return verb.fields.map(({ name, json, start, ...rest }) => html`<${Field} key=${verb.name + name} name=${name} ...${rest}
    defaultValue=${given[name] ?? start ?? ""} readonly=${given[name] !== undefined} spellcheck=${json ? "false" : undefined} class=${json ? "mono" : ""}
    error=${problem?.field === name ? problem.message : ""} />`);
}

// The agent, fetched by its id. The page never replaces an agent that a link asked for: it is this one or none.
function useAgent(base, id) {
  const found = useResource(id ? base + "/agents" + query({ id }) : null, ["agent.changed"]);
  return { agent: found.data?.items[0], gone: found.data?.items.length === 0, problem: found.problem, reload: found.reload };
}

function Choice({ base, value, agent, onChange }) {
  const agents = useResource(base + "/agents" + query({ limit: LISTED }), ["agent.changed"]);
  if (!agents.data) return agents.problem ? html`<${Fault} problem=${agents.problem} retry=${agents.reload} />` : html`<${Loading} />`;
  if (!agents.data.items.length) return html`<${Empty} title="This project has no agents">Create an agent first.</${Empty}>`;
  const listed = agent && !agents.data.items.some((each) => each.id === agent.id) ? [agent, ...agents.data.items] : agents.data.items;
  const options = [["", "Choose an agent"], ...listed.map((each) => [each.id, `${each.name} (${each.state})`])];
  return html`<${Field} label="Agent" value=${value} options=${options} required onChange=${(event) => onChange(event.target.value)}
    hint=${agents.data.next_cursor ? `The list shows the first ${LISTED} agents. To reach another agent, open its screen and choose Commands.` : ""} />`;
}

function Target({ agent, engine }) {
  return html`<dl class="facts target">
    <div><dt>Agent</dt><dd><b>${agent.name}</b> (${agent.state})</dd></div>
    <div><dt>Agent id</dt><dd class="mono">${agent.id}</dd></div>
    ${engine && html`<div><dt>Engine</dt><dd>${engine}</dd></div>`}
  </dl>`;
}

// What will happen, to which object, on which engine of which agent.
function warning(text, { agent, engine, object }) {
  return html`${text} <span class="where">${object && html`Object: <b class="mono">${object}</b>. `}${engine && html`Engine: <b>${engine}</b>. `}
    Agent: <b>${agent.name}</b> <span class="mono">${agent.id}</span>.</span>`;
}

// `params` come from the link that opened the form; its agent is fixed. `agentId` is the first choice otherwise.
export function Issue({ params, agentId: first = "", onClose }) {
  const { project, announce, can } = useApp();
  const base = path("projects", project.slug);
  const [agentId, setAgentId] = useState(params.agent || first);
  const [verbName, setVerbName] = useState(params.verb || "retry_task");
  const [problem, setProblem] = useState(null);
  const [sure, setSure] = useState(null);
  const attempt = useRef({ body: "", key: "" });
  const shown = useRef(true);
  useEffect(() => () => (shown.current = false), []);
  const { agent, gone, problem: agentProblem, reload } = useAgent(base, agentId);
  const verb = VERBS.find((each) => each.name === verbName) || VERBS[0];
  const engines = enginesFor(agent, verb.name);

  // The same body keeps its key, so that a repeated click issues the command once.
  const keyed = (body) => {
    const text = JSON.stringify([verb.name, body]);
    if (attempt.current.body !== text) attempt.current = { body: text, key: crypto.randomUUID?.() || String(Math.random()).slice(2) };
    return { ...body, idempotency_key: attempt.current.key };
  };
  const issue = async (body) => {
    const command = await post(base + "/commands/" + verb.name.replaceAll("_", "-"), keyed(body));
    announce(`Issued the command: ${verb.title}`);
    // Replaces the address of this form, so that Back does not open it again. A late answer must not leave the screen that
    // the operator has opened meanwhile.
    if (shown.current) location.replace(hrefOf(project.slug, "commands", command.id));
  };
  const submit = async (event) => {
    event.preventDefault();
    setProblem(null);
    try {
      const form = Object.fromEntries(new FormData(event.target));
      const engine = params.engine || form.engine;
      const body = { agent_id: agent.id, ...bodyOf(verb, form), ...(engine && { engine }) };
      if (form.timeout) body.timeout_seconds = Number(form.timeout);
      const danger = verb.destroys?.(body);
      const target = { agent, engine: engineOf(agent, body), object: objectOf(body) };
      if (danger) setSure({ body, text: warning(danger[0], target), name: danger[1] });
      else await issue(body);
    } catch (failure) {
      setProblem(failure);
    }
  };
  const known = ["engine", "timeout_seconds", ...verb.fields.map((field) => field.name)].includes(problem?.field);
  return html`<${Dialog} title="Issue a command" onClose=${onClose}>
    ${params.agent && gone && html`<${Empty} title="Its agent is gone">
      The agent <span class="mono">${params.agent}</span> was revoked, and no other agent takes this command in its place. To use another agent, close this form and choose one under “Issue a command”.</${Empty}>`}
    ${agentId && !agent && !gone && (agentProblem ? html`<${Fault} problem=${agentProblem} retry=${reload} />` : html`<${Loading} />`)}
    ${!params.agent && html`<${Choice} base=${base} value=${agentId} agent=${agent} onChange=${setAgentId} />`}
    ${agent && html`<form onSubmit=${submit}>
      ${params.agent && html`<${Target} agent=${agent} engine=${params.engine} />`}
      ${agent.state !== "online" && html`<p class="note">This agent is not connected. The command waits for it until the command times out.</p>`}
      <${Field} label="Command" value=${verb.name} options=${verbOptions(agent, can("admin"))} onChange=${(event) => (setVerbName(event.target.value), setProblem(null))} />
      ${engines && !engines.length && html`<p class="note warn">This agent has not announced this command and may reject it.</p>`}
      ${!params.engine && agent.engine_adapters.length > 1 && html`<${Field} label="Engine" name="engine" options=${[["", "The only engine that supports it"], ...agent.engine_adapters]} error=${problem?.field === "engine" ? problem.message : ""} />`}
      <${Fields} verb=${verb} problem=${problem} given=${params} />
      <${Field} label="Time-out in seconds" name="timeout" type="number" min="1" max="3600" placeholder="60" error=${problem?.field === "timeout_seconds" ? problem.message : ""} />
      ${problem && (!known || (problem.field === "engine" && params.engine)) && html`<${Fault} problem=${problem} />`}
      <div class="actions"><button type="button" onClick=${onClose}>Cancel</button><button class="main">${verb.destroys ? "Issue…" : "Issue"}</button></div>
    </form>`}
    ${sure && html`<${Confirm} title="${verb.title}?" text=${sure.text} name=${sure.name} action=${verb.title} run=${() => issue(sure.body)} onClose=${() => setSure(null)} />`}
  </${Dialog}>`;
}

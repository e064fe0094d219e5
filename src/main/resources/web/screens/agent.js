// One agent: its facts, its worker processes by node, its journal, and its registry.

import { html, useRef, useState } from "../vendor/ui.js";
import { useApp, useMay, useResource } from "../state.js";
import { abortRequests, patch, path, post, remove } from "../api.js";
import { Ago, Badge, Confirm, Dialog, Fault, Field, Loading } from "../parts.js";
import { hrefOf } from "../links.js";
import { capText } from "./agents.js";
import { Credentials } from "./credentials.js";
import { Connections, Journal, Registry } from "./connections.js";

function ChangeCap({ agent, base, onClose, onDone }) {
  const [problem, setProblem] = useState(null);
  const submit = async (event) => {
    event.preventDefault();
    const { cap } = Object.fromEntries(new FormData(event.target));
    try {
      await patch(base, { connection_cap: cap === "" ? null : Number(cap) });
      onDone();
      onClose();
    } catch (failure) {
      setProblem(failure);
    }
  };
  return html`<${Dialog} title="Connection cap" onClose=${onClose}><form onSubmit=${submit}>
    <${Field} label="Connections over all nodes" name="cap" type="number" min="0" max="100000" defaultValue=${agent.connection_cap ?? ""}
      hint="Leave empty to inherit the project's cap; 0 means no cap. A lower cap closes no open connections." />
    <${Fault} problem=${problem} />
    <div class="actions"><button type="button" onClick=${onClose}>Cancel</button><button class="main">Change</button></div>
  </form></${Dialog}>`;
}

function Rotate({ base, project, onClose }) {
  const [made, setMade] = useState(null);
  const [problem, setProblem] = useState(null);
  const submit = async (event) => {
    event.preventDefault();
    const { overlap } = Object.fromEntries(new FormData(event.target));
    try {
      setMade(await post(base + "/token", { overlap_seconds: 60 * Number(overlap) }));
    } catch (failure) {
      setProblem(failure);
    }
  };
  if (made) {
    return html`<${Dialog} wide title="New token" onClose=${onClose}>
      <${Credentials} created=${made} project=${project} />
      <p>The previous token expires <${Ago} time=${made.previous_valid_until} />, at ${new Date(made.previous_valid_until).toLocaleTimeString()}.</p>
      <div class="actions"><button type="button" class="main" onClick=${onClose}>I have saved them</button></div></${Dialog}>`;
  }
  return html`<${Dialog} title="Rotate the token" onClose=${onClose}><form onSubmit=${submit}>
    <p>Open connections stay open, whichever token they used.</p>
    <${Field} label="Minutes that the previous token stays valid" name="overlap" type="number" min="0" max="10080" defaultValue="60" required />
    <${Fault} problem=${problem} />
    <div class="actions"><button type="button" onClick=${onClose}>Cancel</button><button class="main">Create a new token</button></div>
  </form></${Dialog}>`;
}

function Facts({ agent }) {
  const facts = [
    ["State", html`<${Badge} of=${agent.state} />`],
    ["Connections", `${agent.connections}, cap ${capText(agent.connection_cap)}`],
    ["Last seen", html`<${Ago} time=${agent.last_seen_at} />`],
    ["Last connect", html`<${Ago} time=${agent.last_connect_at} />`],
    ["Version", agent.agent_version],
    ["Protocol", agent.protocol_version],
    ["Framework", agent.framework_adapter],
    ["Engines", agent.engine_adapters.join(", ")],
    ["Schedulers", agent.scheduler_adapters.join(", ")],
    ["Host", agent.host_name],
    ["Id", html`<span class="mono">${agent.id}</span>`],
  ];
  return html`<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value || "–"}</dd></div>`)}</dl>`;
}

export function Agent({ id }) {
  const { project, announce } = useApp();
  const isAdmin = useMay("admin");
  const mayCommand = useMay("operator");
  const [dialog, setDialog] = useState("");
  const base = path("projects", project.slug, "agents", id);
  const [gone, setGone] = useState(false);
  const last = useRef(null);
  const { data, problem, reload } = useResource(gone ? null : base, ["agent.changed"], 5_000);
  if (data) last.current = data;
  const agent = last.current;
  const close = () => setDialog("");
  const revoke = async () => {
    // Stops all requests for this agent, because they would fail once it is revoked.
    setGone(true);
    abortRequests();
    try {
      await remove(base);
    } catch (failure) {
      setGone(false);
      throw failure;
    }
    announce(`Revoked ${agent.name}`);
    location.hash = hrefOf(project.slug, "agents");
  };
  return html`
    <p class="crumbs"><a href=${hrefOf(project.slug, "agents")}>Agents</a></p>
    <div class="head"><h1 tabindex="-1">${agent?.name || "Agent"}</h1>
      ${agent && html`<div class="buttons">
        ${mayCommand && html`<a class="button" href=${hrefOf(project.slug, "commands") + "?agent=" + agent.id}>Commands</a>`}
        ${isAdmin && html`<button type="button" onClick=${() => setDialog("cap")}>Change cap</button>
          <button type="button" onClick=${() => setDialog("token")}>Rotate token</button>
          <button type="button" class="danger" onClick=${() => setDialog("revoke")}>Revoke</button>`}
      </div>`}</div>
    <${Fault} problem=${problem} retry=${reload} />
    ${!agent && !problem && html`<${Loading} />`}
    ${agent && !gone && html`<${Facts} agent=${agent} /><${Connections} base=${base} /><${Journal} base=${base} /><${Registry} project=${project} id=${id} />`}
    ${dialog === "cap" && html`<${ChangeCap} agent=${agent} base=${base} onClose=${close} onDone=${reload} />`}
    ${dialog === "token" && html`<${Rotate} base=${base} project=${project} onClose=${close} />`}
    ${dialog === "revoke" && html`<${Confirm} title="Revoke ${agent.name}?" name=${agent.name} action="Revoke for good" run=${revoke} onClose=${close}
      text="The brain closes the agent's connections on every node and invalidates its token. You cannot undo this." />`}`;
}

// The project's agents, and the form to create one.

import { html, useEffect, useRef, useState } from "../vendor/ui.js";
import { useApp, useMay, usePages } from "../state.js";
import { path, post } from "../api.js";
import { Ago, Badge, Dialog, Empty, Fault, Field } from "../parts.js";
import { List } from "../table.js";
import { hrefOf } from "../links.js";
import { Credentials } from "./credentials.js";

export function capText(cap) {
  return cap === null ? "inherited" : cap === 0 ? "no cap" : String(cap);
}

const columns = (slug) => [
  { label: "Agent", cell: (agent) => html`<a href=${hrefOf(slug, "agents", agent.id)}>${agent.name}</a>` },
  { label: "State", cell: (agent) => html`<${Badge} of=${agent.state} />` },
  { label: "Connections", right: true, cell: (agent) => html`${agent.connections}<span class="quiet"> / ${capText(agent.connection_cap)}</span>` },
  { label: "Engines", cell: (agent) => agent.engine_adapters.join(", ") || html`<span class="quiet">–</span>` },
  { label: "Version", cell: (agent) => agent.agent_version || html`<span class="quiet">–</span>` },
  { label: "Host", cell: (agent) => agent.host_name || html`<span class="quiet">–</span>` },
  { label: "Last seen", cell: (agent) => html`<${Ago} time=${agent.last_seen_at} />` },
];

function CreateAgent({ onClose, onCreated }) {
  const { project } = useApp();
  const [created, setCreated] = useState(null);
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    const { name, cap } = Object.fromEntries(new FormData(event.target));
    setBusy(true);
    try {
      setCreated(await post(path("projects", project.slug, "agents"), { name, ...(cap !== "" && { connection_cap: Number(cap) }) }));
      onCreated();
    } catch (failure) {
      setProblem(failure);
    }
    setBusy(false);
  };
  if (created) {
    return html`<${Dialog} wide title="Credentials of ${created.agent.name}" onClose=${onClose}>
      <${Credentials} created=${created} project=${project} />
      <div class="actions"><button type="button" class="main" onClick=${onClose}>I have saved them</button></div>
    </${Dialog}>`;
  }
  return html`<${Dialog} title="Create an agent" onClose=${onClose}>
    <form onSubmit=${submit}>
      <${Field} label="Name" name="name" required maxlength="200" hint="A name for people, such as billing-workers" error=${problem?.field === "name" && problem.message} />
      <${Field} label="Connection cap" name="cap" type="number" min="0" max="100000" hint="Connections over all nodes. Leave empty to inherit the project's cap; 0 means no cap." />
      ${problem && problem.field !== "name" && html`<${Fault} problem=${problem} />`}
      <div class="actions"><button type="button" onClick=${onClose}>Cancel</button><button class="main" disabled=${busy}>Create</button></div>
    </form>
  </${Dialog}>`;
}

// Announces state changes to screen readers.
function useAnnouncedStates(items) {
  const { announce } = useApp();
  const before = useRef(null);
  useEffect(() => {
    if (!items) return;
    const states = new Map(items.map((agent) => [agent.id, agent.state]));
    const changed = before.current ? items.filter((agent) => before.current.has(agent.id) && before.current.get(agent.id) !== agent.state) : [];
    if (changed.length > 3) announce(`${changed.length} agents changed state`);
    else if (changed.length) announce(changed.map((agent) => `${agent.name} is ${agent.state}`).join(", "));
    before.current = states;
  }, [items]);
}

export function Agents() {
  const { project } = useApp();
  const isAdmin = useMay("admin");
  const [creating, setCreating] = useState(false);
  const [wanted, setWanted] = useState("");
  const agents = usePages(path("projects", project.slug, "agents") + "?limit=200", ["agent.changed"]);
  useAnnouncedStates(agents.items);
  const shown = agents.items?.filter((agent) => agent.name.toLowerCase().includes(wanted.toLowerCase()));
  const empty = wanted
    ? html`<${Empty} title="No matching agents" />`
    : html`<${Empty} title="No agents yet">${isAdmin ? "Create an agent, and paste its credentials into the environment of a worker." : "An admin of this project can create agents."}</${Empty}>`;
  return html`
    <div class="head"><h1 tabindex="-1">Agents</h1>
      ${isAdmin && html`<button type="button" class="main" onClick=${() => setCreating(true)}>Create an agent</button>`}</div>
    <div class="filters"><${Field} label="Name" type="search" value=${wanted} onInput=${(event) => setWanted(event.target.value)} /></div>
    <${List} of=${{ ...agents, items: shown }} caption="Agents" columns=${columns(project.slug)} empty=${empty} />
    ${creating && html`<${CreateAgent} onClose=${() => setCreating(false)} onCreated=${agents.reload} />`}`;
}

// API keys, for programs.

import { html, useState } from "../vendor/ui.js";
import { useApp, usePages } from "../state.js";
import { path, post, remove } from "../api.js";
import { Ago, At, Badge, Confirm, Copy, Dialog, Empty, Fault, Field } from "../parts.js";
import { List } from "../table.js";

function Make({ onClose, onDone }) {
  const { projects } = useApp();
  const [made, setMade] = useState(null);
  const [problem, setProblem] = useState(null);
  const wrong = (field) => (problem?.field === field ? problem.message : "");
  const submit = async (event) => {
    event.preventDefault();
    const { name, role, project, expires } = Object.fromEntries(new FormData(event.target));
    try {
      setMade(await post("/api-keys", { name, role, ...(project && { project }), ...(expires && { expires_at: new Date(expires).toISOString() }) }));
      onDone();
    } catch (failure) {
      setProblem(failure);
    }
  };
  if (made) {
    return html`<${Dialog} wide title="${made.name} is made" onClose=${onClose}>
      <p class="note warn">The key is shown this once.</p>
      <div class="paste"><pre tabindex="0" aria-label="Key">${made.key}</pre><${Copy} text=${made.key} label="Copy the key" /></div>
      <div class="actions"><button type="button" class="main" onClick=${onClose}>I have kept it</button></div></${Dialog}>`;
  }
  return html`<${Dialog} title="Make an API key" onClose=${onClose}><form onSubmit=${submit}>
    <${Field} label="Name" name="name" required maxlength="200" hint="What uses it, such as ci-deploys" error=${wrong("name")} />
    <${Field} label="Role" name="role" defaultValue="viewer" options=${["viewer", "operator", "admin"]} error=${wrong("role")} />
    <${Field} label="Project" name="project" defaultValue="" options=${[["", "All projects"], ...projects.map((each) => [each.slug, each.name])]} error=${wrong("project")} />
    <${Field} label="Ends" name="expires" type="datetime-local" hint="Empty: never" error=${wrong("expires_at")} />
    ${problem && !["name", "role", "project", "expires_at"].includes(problem.field) && html`<${Fault} problem=${problem} />`}
    <div class="actions"><button type="button" onClick=${onClose}>Cancel</button><button class="main">Make</button></div>
  </form></${Dialog}>`;
}

export function Keys() {
  const { announce } = useApp();
  const [making, setMaking] = useState(false);
  const [going, setGoing] = useState(null);
  const keys = usePages("/api-keys?limit=100", [], 30_000);
  const columns = [
    { label: "Name", cell: (key) => key.name },
    { label: "Key", cell: (key) => html`<span class="mono">${key.prefix}…</span>` },
    { label: "Role", cell: (key) => html`<${Badge} of="">${key.role}</${Badge}>` },
    { label: "Project", cell: (key) => key.project || "all" },
    { label: "Last used", cell: (key) => html`<${Ago} time=${key.last_used_at} />` },
    { label: "Ends", cell: (key) => (key.expires_at ? html`<${At} time=${key.expires_at} />` : html`<span class="quiet">never</span>`) },
    { label: "", cell: (key) => html`<button type="button" class="small danger" onClick=${() => setGoing(key)}>Delete<span class="unseen"> ${key.name}</span></button>` },
  ];
  const erase = async () => {
    await remove(path("api-keys", going.id));
    announce(`${going.name} is deleted`);
    keys.reload();
  };
  return html`
    <div class="head"><h1 tabindex="-1">API keys</h1><button type="button" class="main" onClick=${() => setMaking(true)}>Make a key</button></div>
    <${List} of=${keys} caption="API keys" columns=${columns} empty=${html`<${Empty} title="No keys yet">Programs use one in place of a login.</${Empty}>`} />
    ${making && html`<${Make} onClose=${() => setMaking(false)} onDone=${keys.reload} />`}
    ${going && html`<${Confirm} title="Delete ${going.name}?" name=${going.name} action="Delete" run=${erase} onClose=${() => setGoing(null)} text="What uses it is refused from now on." />`}`;
}

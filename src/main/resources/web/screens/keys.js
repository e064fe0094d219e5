// API keys, with which programs authenticate.

import { html, useState } from "../vendor/ui.js";
import { useApp, usePages } from "../state.js";
import { path, post, remove } from "../api.js";
import { Ago, At, Badge, Confirm, Copy, Dialog, Empty, Fault, Field } from "../parts.js";
import { List } from "../table.js";

function CreateKey({ onClose, onDone }) {
  const { projects } = useApp();
  const [created, setCreated] = useState(null);
  const [problem, setProblem] = useState(null);
  const wrong = (field) => (problem?.field === field ? problem.message : "");
  const submit = async (event) => {
    event.preventDefault();
    const { name, role, project, expires } = Object.fromEntries(new FormData(event.target));
    try {
      setCreated(await post("/api-keys", { name, role, ...(project && { project }), ...(expires && { expires_at: new Date(expires).toISOString() }) }));
      onDone();
    } catch (failure) {
      setProblem(failure);
    }
  };
  if (created) {
    return html`<${Dialog} wide title="API key ${created.name}" onClose=${onClose}>
      <p class="note warn">Save the key now: the page shows it only once.</p>
      <div class="paste"><pre tabindex="0" aria-label="Key">${created.key}</pre><${Copy} text=${created.key} label="Copy the key" /></div>
      <div class="actions"><button type="button" class="main" onClick=${onClose}>I have saved it</button></div></${Dialog}>`;
  }
  return html`<${Dialog} title="Create an API key" onClose=${onClose}><form onSubmit=${submit}>
    <${Field} label="Name" name="name" required maxlength="200" hint="The program that uses it, such as ci-deploys" error=${wrong("name")} />
    <${Field} label="Role" name="role" defaultValue="viewer" options=${["viewer", "operator", "admin"]} error=${wrong("role")} />
    <${Field} label="Project" name="project" defaultValue="" options=${[["", "All projects"], ...projects.map((each) => [each.slug, each.name])]} error=${wrong("project")} />
    <${Field} label="Expires" name="expires" type="datetime-local" hint="Leave empty for a key that never expires" error=${wrong("expires_at")} />
    ${problem && !["name", "role", "project", "expires_at"].includes(problem.field) && html`<${Fault} problem=${problem} />`}
    <div class="actions"><button type="button" onClick=${onClose}>Cancel</button><button class="main">Create</button></div>
  </form></${Dialog}>`;
}

export function Keys() {
  const { announce } = useApp();
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState(null);
  const keys = usePages("/api-keys?limit=100", [], 30_000);
  const columns = [
    { label: "Name", cell: (key) => key.name },
    { label: "Key", cell: (key) => html`<span class="mono">${key.prefix}…</span>` },
    { label: "Role", cell: (key) => html`<${Badge} of="">${key.role}</${Badge}>` },
    { label: "Project", cell: (key) => key.project || "all" },
    { label: "Last used", cell: (key) => html`<${Ago} time=${key.last_used_at} />` },
    { label: "Expires", cell: (key) => (key.expires_at ? html`<${At} time=${key.expires_at} />` : html`<span class="quiet">never</span>`) },
    { label: "", cell: (key) => html`<button type="button" class="small danger" onClick=${() => setDeleting(key)}>Delete<span class="unseen"> ${key.name}</span></button>` },
  ];
  const erase = async () => {
    await remove(path("api-keys", deleting.id));
    announce(`Deleted ${deleting.name}`);
    keys.reload();
  };
  return html`
    <div class="head"><h1 tabindex="-1">API keys</h1><button type="button" class="main" onClick=${() => setCreating(true)}>Create a key</button></div>
    <${List} of=${keys} caption="API keys" columns=${columns} empty=${html`<${Empty} title="No API keys yet">Programs authenticate with an API key instead of a login.</${Empty}>`} />
    ${creating && html`<${CreateKey} onClose=${() => setCreating(false)} onDone=${keys.reload} />`}
    ${deleting && html`<${Confirm} title="Delete ${deleting.name}?" name=${deleting.name} action="Delete" run=${erase} onClose=${() => setDeleting(null)} text="The brain rejects every program that uses this key from now on." />`}`;
}

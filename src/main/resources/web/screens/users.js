// Users and their roles in the projects.

import { html, useState } from "../vendor/ui.js";
import { useApp, usePages } from "../state.js";
import { patch, path, post, remove } from "../api.js";
import { Ago, Badge, Confirm, Dialog, Empty, Fault, Field } from "../parts.js";
import { List } from "../table.js";

const ROLES = [["", "No role"], "viewer", "operator", "admin"];

function rolesOf(form, projects) {
  const roles = {};
  for (const project of projects) {
    const role = form[`role:${project.slug}`];
    if (role) roles[project.slug] = role;
  }
  return roles;
}

function Edit({ user, onClose, onDone }) {
  const { projects } = useApp();
  const [admin, setAdmin] = useState(Boolean(user?.is_admin));
  const [problem, setProblem] = useState(null);
  const wrong = (field) => (problem?.field === field ? problem.message : "");
  const submit = async (event) => {
    event.preventDefault();
    const form = Object.fromEntries(new FormData(event.target));
    const body = { is_admin: admin, roles: admin ? {} : rolesOf(form, projects) };
    if (form.name) body.display_name = form.name;
    if (form.password) body.password = form.password;
    try {
      if (user) await patch(path("users", user.id), body);
      else await post("/users", { ...body, email: form.email });
      onDone();
      onClose();
    } catch (failure) {
      setProblem(failure);
    }
  };
  return html`<${Dialog} title=${user ? user.email : "Add a user"} onClose=${onClose}><form onSubmit=${submit}>
    ${!user && html`<${Field} label="Email" name="email" type="email" required error=${wrong("email")} />`}
    <${Field} label="Name" name="name" defaultValue=${user?.display_name || ""} maxlength="200" error=${wrong("display_name")} />
    <${Field} label=${user ? "New password" : "Password"} name="password" type="password" autocomplete="new-password" minlength="10" required=${!user}
      hint=${user ? "Leave empty to keep the current password" : "At least 10 characters"} error=${wrong("password")} />
    <label class="check"><input type="checkbox" checked=${admin} onChange=${(event) => setAdmin(event.target.checked)} /> Global admin: may do everything in all projects</label>
    ${!admin && html`<fieldset><legend>Roles</legend>${projects.map((project) => html`<${Field} key=${project.slug} label=${project.name}
      name="role:${project.slug}" defaultValue=${user?.roles?.[project.slug] || ""} options=${ROLES} />`)}</fieldset>`}
    ${problem && !["email", "password", "display_name"].includes(problem.field) && html`<${Fault} problem=${problem} />`}
    <div class="actions"><button type="button" onClick=${onClose}>Cancel</button><button class="main">${user ? "Save" : "Add"}</button></div>
  </form></${Dialog}>`;
}

export function Users() {
  const { user: me, announce } = useApp();
  const [editing, setEditing] = useState(null);
  const [deleting, setDeleting] = useState(null);
  const users = usePages("/users?limit=100", [], 30_000);
  const columns = [
    { label: "Email", cell: (user) => user.email },
    { label: "Name", cell: (user) => user.display_name || html`<span class="quiet">–</span>` },
    { label: "Roles", wide: true, cell: (user) => (user.is_admin ? html`<${Badge} of="busy">global admin</${Badge}>`
      : Object.entries(user.roles || {}).map(([slug, role]) => `${slug}: ${role}`).join(", ") || html`<span class="quiet">none</span>`) },
    { label: "Created", cell: (user) => html`<${Ago} time=${user.created_at} />` },
    { label: "", cell: (user) => html`<span class="buttons"><button type="button" class="small" onClick=${() => setEditing({ user })}>Edit<span class="unseen"> ${user.email}</span></button>
      ${user.id !== me.id && html`<button type="button" class="small danger" onClick=${() => setDeleting(user)}>Delete<span class="unseen"> ${user.email}</span></button>`}</span>` },
  ];
  const erase = async () => {
    await remove(path("users", deleting.id));
    announce(`Deleted ${deleting.email}`);
    users.reload();
  };
  return html`
    <div class="head"><h1 tabindex="-1">Users</h1><button type="button" class="main" onClick=${() => setEditing({})}>Add a user</button></div>
    <${List} of=${users} caption="Users" columns=${columns} empty=${html`<${Empty} title="No users yet" />`} />
    ${editing && html`<${Edit} user=${editing.user} onClose=${() => setEditing(null)} onDone=${users.reload} />`}
    ${deleting && html`<${Confirm} title="Delete ${deleting.email}?" name=${deleting.email} action="Delete" run=${erase} onClose=${() => setDeleting(null)} text="All sessions of this user end immediately." />`}`;
}

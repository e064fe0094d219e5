// The projects, and the screen for users without an open project.

import { html, useState } from "../vendor/ui.js";
import { useApp } from "../state.js";
import { path, patch, post, remove } from "../api.js";
import { Ago, Confirm, Dialog, Empty, Fault, Field } from "../parts.js";
import { Table } from "../table.js";
import { hrefOf } from "../links.js";
import { capText } from "./agents.js";

function Edit({ project, onClose }) {
  const { reloadProjects } = useApp();
  const [problem, setProblem] = useState(null);
  const wrong = (field) => (problem?.field === field ? problem.message : "");
  const submit = async (event) => {
    event.preventDefault();
    const { slug, name, cap } = Object.fromEntries(new FormData(event.target));
    const body = { name, connection_cap: cap === "" ? null : Number(cap) };
    try {
      if (project) await patch(path("projects", project.slug), body);
      else await post("/projects", { ...body, slug });
      await reloadProjects();
      onClose();
    } catch (failure) {
      setProblem(failure);
    }
  };
  return html`<${Dialog} title=${project ? project.name : "Create a project"} onClose=${onClose}><form onSubmit=${submit}>
    ${!project && html`<${Field} label="Slug" name="slug" required pattern="[a-z0-9\\-]{2,63}" hint="2 to 63 characters of a-z, 0-9 and -; part of addresses" error=${wrong("slug")} />`}
    <${Field} label="Name" name="name" required maxlength="200" defaultValue=${project?.name || ""} error=${wrong("name")} />
    <${Field} label="Connection cap of each agent" name="cap" type="number" min="0" max="100000" defaultValue=${project?.connection_cap ?? ""} hint="Leave empty to inherit the configured cap; 0 means no cap" />
    ${problem && !["slug", "name"].includes(problem.field) && html`<${Fault} problem=${problem} />`}
    <div class="actions"><button type="button" onClick=${onClose}>Cancel</button><button class="main">${project ? "Save" : "Create"}</button></div>
  </form></${Dialog}>`;
}

export function Projects() {
  const { projects, reloadProjects, announce } = useApp();
  const [editing, setEditing] = useState(null);
  const [deleting, setDeleting] = useState(null);
  const columns = [
    { label: "Project", cell: (project) => html`<a href=${hrefOf(project.slug, "overview")}>${project.name}</a>` },
    { label: "Slug", cell: (project) => html`<span class="mono">${project.slug}</span>` },
    { label: "Cap per agent", cell: (project) => capText(project.connection_cap) },
    { label: "Id", cell: (project) => html`<span class="mono cut">${project.id}</span>` },
    { label: "Created", cell: (project) => html`<${Ago} time=${project.created_at} />` },
    { label: "", cell: (project) => html`<span class="buttons"><button type="button" class="small" onClick=${() => setEditing({ project })}>Edit<span class="unseen"> ${project.name}</span></button>
      <button type="button" class="small danger" onClick=${() => setDeleting(project)}>Delete<span class="unseen"> ${project.name}</span></button></span>` },
  ];
  const erase = async () => {
    await remove(path("projects", deleting.slug));
    announce(`Deleted ${deleting.name}`);
    await reloadProjects();
  };
  return html`
    <div class="head"><h1 tabindex="-1">Projects</h1><button type="button" class="main" onClick=${() => setEditing({})}>Create a project</button></div>
    ${projects.length ? html`<${Table} caption="Projects" rows=${projects} columns=${columns} />` : html`<${Empty} title="No projects yet">A project contains agents and has users of its own.</${Empty}>`}
    ${editing && html`<${Edit} project=${editing.project} onClose=${() => setEditing(null)} />`}
    ${deleting && html`<${Confirm} title="Delete ${deleting.name}?" name=${deleting.slug} action="Delete for good" run=${erase} onClose=${() => setDeleting(null)}
      text="The brain revokes all agents of the project and deletes its events, tasks and commands. You cannot undo this." />`}`;
}

export function Welcome({ missing }) {
  const { user } = useApp();
  if (missing) return html`<h1 tabindex="-1">Not found</h1><${Empty} title="The project ${missing} does not exist, or you have no role in it" />`;
  if (user.is_admin) return html`<${Projects} />`;
  return html`<h1 tabindex="-1">Welcome</h1><${Empty} title="You have no role in any project yet">Ask an admin to give you a role.</${Empty}>`;
}

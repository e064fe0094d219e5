// All screens and their addresses: #/p/<project>/<screen>/<ids…>, or #/<screen> for a screen without a project.

import { html } from "./vendor/ui.js";
import { Overview } from "./screens/overview.js";
import { Agents } from "./screens/agents.js";
import { Agent } from "./screens/agent.js";
import { Commands } from "./screens/commands.js";
import { Command } from "./screens/command.js";
import { Events } from "./screens/events.js";
import { Tasks } from "./screens/tasks.js";
import { Task } from "./screens/task.js";
import { Queues } from "./screens/queues.js";
import { RejectedEvents } from "./screens/rejected.js";
import { Cluster } from "./screens/cluster.js";
import { Audit } from "./screens/audit.js";
import { Users } from "./screens/users.js";
import { Keys } from "./screens/keys.js";
import { Projects } from "./screens/projects.js";
import { Sessions } from "./screens/sessions.js";
import { Empty } from "./parts.js";

// In the order of the menu. `role` is the lowest role that sees the screen; a global screen has no project.
export const SCREENS = [
  { name: "overview", title: "Overview", part: () => html`<${Overview} />` },
  { name: "agents", title: "Agents", part: ([id]) => (id ? html`<${Agent} key=${id} id=${id} />` : html`<${Agents} />`) },
  { name: "commands", title: "Commands", part: ([id], params) => (id ? html`<${Command} key=${id} id=${id} />` : html`<${Commands} params=${params} />`) },
  { name: "tasks", title: "Tasks", part: ([engine, id]) => (id ? html`<${Task} key=${engine + id} engine=${engine} id=${id} />` : html`<${Tasks} />`) },
  { name: "queues", title: "Queues and workers", part: () => html`<${Queues} />` },
  { name: "events", title: "Events", part: (_, params) => html`<${Events} params=${params} />` },
  { name: "dead-letters", title: "Rejected events", part: () => html`<${RejectedEvents} />` },
  { name: "audit", title: "Audit", role: "admin", part: () => html`<${Audit} />` },
  { name: "cluster", title: "Cluster", global: true, part: () => html`<${Cluster} />` },
  { name: "projects", title: "Projects", global: true, role: "global", part: () => html`<${Projects} />` },
  { name: "users", title: "Users", global: true, role: "global", part: () => html`<${Users} />` },
  { name: "keys", title: "API keys", global: true, role: "global", part: () => html`<${Keys} />` },
  { name: "all-audit", title: "Global audit", global: true, role: "global", part: () => html`<${Audit} all />` },
  { name: "sessions", title: "My sessions", global: true, part: () => html`<${Sessions} />` },
];

const decoded = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

export function routeOf(hash) {
  const [address, search] = hash.replace(/^#\/?/, "").split("?");
  const parts = address.split("/").filter(Boolean).map(decoded);
  const params = Object.fromEntries(new URLSearchParams(search || ""));
  if (parts[0] === "p") {
    return { slug: parts[1] || "", screen: parts[2] || "overview", rest: parts.slice(3), params, global: false };
  }
  return { params, slug: "", screen: parts[0] || "overview", rest: parts.slice(1), global: SCREENS.some((each) => each.global && each.name === parts[0]) };
}

export function screenOf(route, project) {
  const screen = SCREENS.find((each) => each.name === route.screen && Boolean(each.global) === route.global);
  if (!screen) return html`<h1 tabindex="-1">Not found</h1><${Empty} title="This screen does not exist">Choose a screen from the menu.</${Empty}>`;
  return html`<div key=${project?.slug + route.screen}>${screen.part(route.rest, route.params)}</div>`;
}

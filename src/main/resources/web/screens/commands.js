// The commands for agents and their outcomes.

import { html, useState } from "../vendor/ui.js";
import { useApp, useMay, usePages, useResource } from "../state.js";
import { path, query } from "../api.js";
import { Ago, Badge, Empty, Field } from "../parts.js";
import { List } from "../table.js";
import { hrefOf } from "../links.js";
import { targetOf, titleOf } from "../verbs.js";
import { duration, short } from "../format.js";
import { Issue } from "./issue.js";

const STATES = ["pending", "dispatched", "acknowledged", "completed", "failed", "timeout"];

export function elapsed(command) {
  if (!command.completed_at) return html`<span class="quiet">–</span>`;
  return duration((Date.parse(command.completed_at) - Date.parse(command.issued_at)) / 1000);
}

export function Commands({ params }) {
  const { project } = useApp();
  const mayIssue = useMay("operator");
  const [status, setStatus] = useState("");
  const [agentId, setAgentId] = useState(params.agent || "");
  const [issuing, setIssuing] = useState(Boolean(params.verb) && mayIssue);
  const base = path("projects", project.slug);
  // A link with a verb opens the form once. Without it, the address is that of the list.
  const close = () => {
    setIssuing(false);
    if (params.verb) location.replace(hrefOf(project.slug, "commands") + query({ agent: params.agent }));
  };
  const agents = useResource(base + "/agents?limit=500", ["agent.changed"]);
  const commands = usePages(base + "/commands" + query({ status, agent_id: agentId, limit: 50 }), ["command.changed"]);
  // An agent beyond the first page of the list is not revoked for that reason.
  const unlisted = (id) => (agents.data && !agents.data.next_cursor ? html`<span class="quiet" title=${id}>revoked</span>` : html`<span class="mono quiet" title=${id}>${short(id)}</span>`);
  const nameOf = (id) => agents.data?.items.find((agent) => agent.id === id)?.name || unlisted(id);
  const columns = [
    { label: "Command", cell: (command) => html`<a href=${hrefOf(project.slug, "commands", command.id)}>${titleOf(command.verb)}</a>` },
    { label: "Target", cell: (command) => html`<span class="mono cut">${targetOf(command)}</span>` },
    { label: "Agent", cell: (command) => nameOf(command.agent_id) },
    { label: "Status", cell: (command) => html`<${Badge} of=${command.status} />` },
    { label: "Issued", cell: (command) => html`<${Ago} time=${command.issued_at} />` },
    { label: "Duration", right: true, cell: elapsed },
    { label: "Issued by", cell: (command) => command.issued_by },
  ];
  const empty = status || agentId
    ? html`<${Empty} title="No matching commands">Change the filters.</${Empty}>`
    : html`<${Empty} title="No commands yet">${mayIssue ? "Issue a command. It waits for its agent until it times out." : "Operators of this project can issue commands."}</${Empty}>`;
  return html`
    <div class="head"><h1 tabindex="-1">Commands</h1>
      ${mayIssue && html`<button type="button" class="main" onClick=${() => setIssuing(true)}>Issue a command</button>`}</div>
    <div class="filters">
      <${Field} label="Status" value=${status} options=${[["", "Any"], ...STATES]} onChange=${(event) => setStatus(event.target.value)} />
      <${Field} label="Agent" value=${agentId} options=${[["", "Any"], ...(agents.data?.items || []).map((agent) => [agent.id, agent.name])]} onChange=${(event) => setAgentId(event.target.value)} />
    </div>
    <${List} of=${commands} caption="Commands" columns=${columns} empty=${empty} />
    ${issuing && html`<${Issue} params=${params.verb ? params : {}} agentId=${agentId} onClose=${close} />`}`;
}

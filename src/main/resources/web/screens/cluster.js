// The nodes, their load, and the form to drain a node.

import { html, useState } from "../vendor/ui.js";
import { useApp, useResource } from "../state.js";
import { post } from "../api.js";
import { Ago, Badge, Confirm, Fault, Loading } from "../parts.js";
import { Table } from "../table.js";
import { number } from "../format.js";

export function Cluster() {
  const { user, announce } = useApp();
  const [leaving, setLeaving] = useState(null);
  const { data, problem, reload } = useResource("/cluster", ["cluster.changed", "agent.changed"], 3_000);
  const drain = async () => {
    await post(`/cluster/nodes/${encodeURIComponent(leaving.id)}/drain`);
    announce(`${leaving.address} is draining`);
    reload();
  };
  const columns = [
    { label: "Node", cell: (node) => html`<span class="mono">${node.address}</span>${node.this && html` <span class="quiet">(serves this page)</span>`}` },
    { label: "State", cell: (node) => html`<${Badge} of=${node.draining ? "draining" : "ready"} />` },
    { label: "Connections", right: true, cell: (node) => number(node.connections) },
    ...(data?.nodes.some((node) => node.slots !== undefined) ? [{ label: "Slots", right: true, cell: (node) => number(node.slots) }] : []),
    { label: "Version", cell: (node) => node.version },
    { label: "Started", cell: (node) => html`<${Ago} time=${node.started_at} />` },
    ...(user.is_admin ? [{ label: "", cell: (node) => html`<button type="button" class="small danger" disabled=${node.draining} onClick=${() => setLeaving(node)}>
      Drain<span class="unseen"> ${node.address}</span></button>` }] : []),
  ];
  return html`
    <div class="head"><h1 tabindex="-1">Cluster</h1></div>
    <${Fault} problem=${problem} retry=${reload} />
    ${!data && !problem && html`<${Loading} />`}
    ${data?.store && !data.store.available && html`<div class="note bad" role="alert"><p>${data.store.detail}</p></div>`}
    ${data && html`<dl class="figures">
        <div class="figure"><dt>Nodes</dt><dd><b>${data.nodes.length}</b></dd></div>
        <div class="figure"><dt>Agents online, all projects</dt><dd><b>${number(data.agents_online)}</b></dd></div>
        <div class="figure"><dt>Connections</dt><dd><b>${number(data.connections)}</b></dd></div></dl>
      <${Table} caption="Nodes" rows=${data.nodes} columns=${columns} />`}
    ${data?.store && html`<h2>Redis</h2><dl class="facts">
        <div><dt>State</dt><dd>${data.store.available ? "available" : `unavailable: ${data.store.reason}`}</dd></div>
        <div><dt>Durability</dt><dd>${data.store.durability === "always" ? "every write is on disk before it is acknowledged" : "writes are on disk within about a second"}</dd></div>
        <div><dt>Store identity</dt><dd class="mono">${data.store.id ?? "unknown"}</dd></div></dl>`}
    ${leaving && html`<${Confirm} title="Drain ${leaving.address}?" name=${leaving.address} action="Drain the node" run=${drain} onClose=${() => setLeaving(null)}
      text="The node accepts no new connections. It sends its agents to the other nodes, and then its process ends." />`}`;
}

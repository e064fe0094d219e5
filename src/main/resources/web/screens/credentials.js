// The credentials of a new agent, shown once, ready to paste.

import { html } from "../vendor/ui.js";
import { BRAIN_URL } from "../home.js";
import { Copy } from "../parts.js";

// Quotes a value for any POSIX shell.
const quoted = (value) => (/^[\w.:/=+@-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`);

export function Credentials({ created, project }) {
  const values = [
    ["Z4J_BRAIN_URL", BRAIN_URL],
    ["Z4J_TOKEN", created.token],
    ["Z4J_PROJECT_ID", project.id],
    ["Z4J_AGENT_ID", created.agent.id],
    ["Z4J_HMAC_SECRET", created.hmac_secret],
  ];
  const block = values.map(([name, value]) => `export ${name}=${quoted(value)}`).join("\n");
  return html`
    <p class="note warn">Save the token and the secret now: the page shows them only once. The brain stores only a hash of the token.</p>
    <div class="paste"><pre tabindex="0" aria-label="Environment of the agent" id="paste-block">${block}</pre><${Copy} text=${block} label="Copy the block" /></div>
    <dl class="pairs">${values.map(([name, value]) => html`<div><dt class="mono">${name}</dt>
      <dd class="mono">${value}</dd><dd><${Copy} text=${value} label=${html`Copy<span class="unseen"> ${name}</span>`} /></dd></div>`)}</dl>`;
}

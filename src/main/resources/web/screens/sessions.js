// The user's login sessions.

import { html } from "../vendor/ui.js";
import { useApp, usePages } from "../state.js";
import { path, remove } from "../api.js";
import { Ago, Empty } from "../parts.js";
import { List } from "../table.js";

export function Sessions() {
  const { announce } = useApp();
  const sessions = usePages("/auth/sessions", [], 15_000);
  const end = async (session) => {
    await remove(path("auth", "sessions", session.id));
    announce("Ended the session");
    sessions.reload();
  };
  const columns = [
    { label: "From", cell: (session) => html`<span class="mono">${session.remote_address}</span>${session.this && html` <span class="quiet">(this session)</span>`}` },
    { label: "Browser", wide: true, cell: (session) => session.user_agent || html`<span class="quiet">–</span>` },
    { label: "Origin", cell: (session) => html`<span class="mono">${session.origin || "–"}</span>` },
    { label: "Logged in", cell: (session) => html`<${Ago} time=${session.created_at} />` },
    { label: "Last seen", cell: (session) => html`<${Ago} time=${session.last_seen_at} />` },
    { label: "", cell: (session) => !session.this && html`<button type="button" class="small danger" onClick=${() => end(session)}>End<span class="unseen"> the session from ${session.remote_address}</span></button>` },
  ];
  return html`
    <div class="head"><h1 tabindex="-1">My sessions</h1></div>
    <${List} of=${sessions} caption="Sessions" columns=${columns} empty=${html`<${Empty} title="No sessions" />`} />`;
}

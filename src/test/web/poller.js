// A minimal long-poll agent that can upload one batch. No released agent runs under Node.

import { createHmac, randomUUID } from "node:crypto";

const sorted = (value) => (Array.isArray(value) ? value.map(sorted)
  : value && typeof value === "object" ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])])) : value);

function signed(env, session, type, payload) {
  const frame = { v: 2, type, id: randomUUID(), ts: new Date().toISOString(), nonce: randomUUID().slice(0, 30), seq: 1, payload };
  const bound = { ...frame, agent_id: env.Z4J_AGENT_ID, project_id: env.Z4J_PROJECT_ID, session_id: session };
  const hmac = createHmac("sha256", Buffer.from(env.Z4J_HMAC_SECRET, "base64url")).update(JSON.stringify(sorted(bound))).digest("hex");
  return JSON.stringify({ ...frame, hmac });
}

// Uploads one batch of events in a session of its own and returns the brain's answer.
export async function upload(env, url, events) {
  const session = randomUUID();
  const answer = await fetch(url + "/api/v1/agent/events", {
    method: "POST",
    headers: { Authorization: `Bearer ${env.Z4J_TOKEN}`, "X-Z4J-Session-Nonce": session, "Content-Type": "application/json" },
    body: JSON.stringify({ frames: [signed(env, session, "event_batch", { events })] }),
  });
  return answer.json();
}

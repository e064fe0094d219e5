// Checks that a command reaches exactly the agent, the engine and the object that the operator chose, or nothing.

import assert from "node:assert/strict";
import { upload } from "./poller.js";
import { examine } from "./browser.js";

const CROWD = 500;
const TASK = "job-77";
const QUEUE = "invoices";

async function rest(nodes, method, path, body) {
  const answer = await fetch(`${nodes.urls[0]}/api/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${nodes.key}`, "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.status === 204 ? null : answer.json();
}

// Creates a project whose last agent is beyond the first page of 500 agents, and whose first agent is the tempting one.
async function crowd(nodes, slug) {
  const project = await rest(nodes, "POST", "/projects", { slug, name: "Crowd" });
  for (let i = 0; i < CROWD; i += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, k) => rest(nodes, "POST", `/projects/${slug}/agents`, { name: `crowd-${i + k}` })));
  }
  const last = await rest(nodes, "POST", `/projects/${slug}/agents`, { name: "the-right-one" });
  const env = { Z4J_TOKEN: last.token, Z4J_HMAC_SECRET: last.hmac_secret, Z4J_AGENT_ID: last.agent.id, Z4J_PROJECT_ID: project.id };
  const event = (id, more) => ({ id, engine: "rq", occurred_at: new Date().toISOString(), data: {}, ...more });
  const answer = await upload(env, nodes.urls[1], [
    event("7d9fe1a0-0000-4000-8000-000000000001", { kind: "task.failed", task_id: TASK, data: { task_name: "bill", queue: QUEUE } }),
    event("7d9fe1a0-0000-4000-8000-000000000002", { kind: "queue.depth_report", data: { queue: QUEUE, depth: 4 } }),
  ]);
  assert.deepEqual([answer.accepted, answer.rejected], [1, 0], JSON.stringify(answer));
  await projected(nodes, `/projects/${slug}/tasks/rq/${TASK}`);
  return last.agent.id;
}

// Tasks follow their events within half a second, and the first task of a project within a few.
async function projected(nodes, path) {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(`${nodes.urls[0]}/api/v1${path}`, { headers: { Authorization: `Bearer ${nodes.key}` } });
    if (answer.ok) return;
    await new Promise((later) => setTimeout(later, 100));
  }
  assert.fail(`${path} was not projected within 10 s`);
}

// The bodies of the commands that the page issues.
function issued(page) {
  const bodies = [];
  page.on("request", (request) => request.method() === "POST" && request.url().includes("/commands/") && bodies.push([request.url().split("/").pop(), request.postDataJSON()]));
  return bodies;
}

async function open(page, nodes, address) {
  await page.goto(`${nodes.urls[0]}/#/p/crowd/${address}`);
}

async function retriesBeyondTheFirstPage(page, nodes, agentId, bodies) {
  await open(page, nodes, `tasks/rq/${TASK}`);
  await page.getByRole("link", { name: "Retry…" }).click();
  const form = page.getByRole("dialog");
  await form.getByText("the-right-one").waitFor();
  await form.getByText(agentId).waitFor();
  await form.locator("dt", { hasText: "Engine" }).locator("+ dd", { hasText: "rq" }).waitFor();
  await examine(page, "form of a retry");
  await form.getByRole("button", { name: "Issue", exact: true }).click();
  await page.getByRole("heading", { name: "Retry a task", exact: true }).waitFor();
  const [verb, body] = bodies.pop();
  assert.deepEqual([verb, body.agent_id, body.engine, body.task_id], ["retry-task", agentId, "rq", TASK]);
  await page.goBack();
  await page.getByRole("heading", { name: "bill" }).waitFor();
  assert.equal(await page.getByRole("dialog").count(), 0, "Back must not open the form of the issued command again");
}

async function purgesTheNamedQueue(page, nodes, agentId, bodies) {
  await open(page, nodes, "queues");
  await page.locator("tbody tr", { hasText: QUEUE }).getByRole("link", { name: "Purge…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Issue…" }).click();
  const sure = page.getByRole("dialog", { name: "Purge a queue?" });
  for (const named of [QUEUE, "rq", "the-right-one", agentId]) await sure.getByText(named).first().waitFor();
  await examine(page, "confirmation of a purge");
  await sure.getByRole("textbox").fill(QUEUE);
  await sure.getByRole("button", { name: "Purge a queue" }).click();
  await page.getByRole("heading", { name: "Purge a queue", exact: true }).waitFor();
  const [verb, body] = bodies.pop();
  assert.deepEqual([verb, body.agent_id, body.engine, body.queue], ["purge-queue", agentId, "rq", QUEUE]);
}

async function replacesNoRevokedAgent(page, nodes, agentId, bodies) {
  bodies.length = 0;
  await rest(nodes, "DELETE", `/projects/crowd/agents/${agentId}`);
  for (const [address, link] of [["queues", "Purge…"], [`tasks/rq/${TASK}`, "Retry…"]]) {
    await open(page, nodes, address);
    await page.getByRole("link", { name: link }).first().click();
    await page.getByText("Its agent is gone").waitFor();
    await page.getByRole("dialog").getByText(agentId).waitFor();
    await examine(page, "form without an agent");
    assert.equal(await page.getByRole("dialog").getByRole("button", { name: /^Issue/ }).count(), 0, "nothing can be issued");
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  }
  assert.deepEqual(bodies, [], "no command went to another agent");
}

// The brain's answer arrives after the operator has opened another screen.
async function staysWhereTheOperatorIs(page, nodes) {
  let answer;
  const answered = new Promise((resolve) => (answer = resolve));
  await page.route("**/commands/retry-task", async (route) => {
    const response = await route.fetch();
    await answered;
    await route.fulfill({ response });
  });
  await open(page, nodes, `tasks/rq/${TASK}`);
  await page.getByRole("link", { name: "Retry…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Issue", exact: true }).click();
  await open(page, nodes, "queues");
  await page.getByRole("heading", { name: "Queues", exact: true }).waitFor();
  answer();
  await page.getByText("Issued the command: Retry a task").waitFor({ state: "attached" });
  assert.ok(page.url().endsWith("/queues"), `the page moved the operator to ${page.url()}`);
  await page.unroute("**/commands/retry-task");
}

async function choosesNoAgentUnasked(page, nodes) {
  await open(page, nodes, "commands");
  await page.getByRole("button", { name: "Issue a command" }).click();
  const form = page.getByRole("dialog");
  assert.equal(await form.getByLabel("Agent").inputValue(), "", "no agent is chosen unasked");
  assert.equal(await form.getByRole("button", { name: "Issue", exact: true }).count(), 0);
  await form.getByRole("button", { name: "Close" }).click();
}

export async function targets(page, nodes, step) {
  const agentId = await crowd(nodes, "crowd");
  await page.reload(); // so that the page knows the new project
  await page.getByRole("heading", { level: 1 }).waitFor();
  const bodies = issued(page);
  await step("retries a task on its own agent, beyond the first 500, and its own engine", () => retriesBeyondTheFirstPage(page, nodes, agentId, bodies));
  await step("names agent, engine and queue before a purge", () => purgesTheNamedQueue(page, nodes, agentId, bodies));
  await step("stays on the screen that the operator has opened before the answer", () => staysWhereTheOperatorIs(page, nodes));
  await step("replaces a revoked agent by no other", () => replacesNoRevokedAgent(page, nodes, agentId, bodies));
  await step("chooses no agent unasked", () => choosesNoAgentUnasked(page, nodes));
}

// An operator's evening, from the first user of a new brain to the drain of a node.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { agent } from "./processes.js";
import { upload } from "./poller.js";
import { belowAPath } from "./proxy.js";
import { complaints, examine, go, pageIn } from "./browser.js";
import { targets } from "./targets.js";

export const EMAIL = "ada@example.org";
const VIEWER = "grace@example.org";
const PASSWORD = "correct horse battery";
const NAME = "billing-workers";

const rowOf = (page, text) => page.locator("tbody tr", { hasText: text });

async function step(name, action) {
  const before = complaints.length;
  const begin = Date.now();
  await action();
  console.log(`${complaints.length === before ? "ok    " : "FAILED"} ${name} (${((Date.now() - begin) / 1000).toFixed(1)} s)`);
}

export async function logIn(page, url, email = EMAIL) {
  await page.goto(url);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("heading", { level: 1 }).waitFor();
}

async function firstUser(page, nodes) {
  await page.goto(nodes.urls[0]);
  await page.getByRole("heading", { name: "Create the first user" }).waitFor();
  await examine(page, "first user");
  await page.getByLabel("Admin key").fill(nodes.key);
  await page.getByLabel("Your email").fill(EMAIL);
  await page.getByLabel("Your name").fill("Ada");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create the first user" }).click();
  await page.getByRole("heading", { name: "Demo" }).waitFor();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByLabel("Email").waitFor();
  await examine(page, "login");
  await logIn(page, nodes.urls[0]);
  await page.getByText("Live", { exact: true }).waitFor();
}

async function createAgent(page) {
  await go(page, "Agents");
  await page.getByRole("button", { name: "Create an agent" }).click();
  await examine(page, "create agent dialog");
  await page.getByRole("dialog").getByLabel("Name").fill(NAME);
  await page.getByRole("button", { name: "Create", exact: true }).click();
  const block = await page.locator("#paste-block").innerText();
  await examine(page, "credentials dialog");
  await page.getByRole("button", { name: "I have saved them" }).click();
  await rowOf(page, NAME).getByText("unknown").waitFor();
  return Object.fromEntries(block.split("\n").map((line) => line.replace(/^export /, "").split(/=(.*)/s).slice(0, 2)));
}

async function issue(page, verb, fields, typed) {
  await go(page, "Commands");
  await page.getByRole("button", { name: "Issue a command" }).click();
  const form = page.getByRole("dialog").first();
  await form.getByLabel("Agent").selectOption({ label: `${NAME} (online)` });
  await form.getByLabel("Command", { exact: true }).selectOption({ label: verb });
  await examine(page, `form of ${verb}`);
  for (const [label, value] of Object.entries(fields)) await form.getByLabel(label, { exact: true }).fill(value);
  await form.getByRole("button", { name: /^Issue/ }).click();
  if (typed) {
    const sure = page.getByRole("dialog", { name: `${verb}?` });
    const button = sure.getByRole("button", { name: verb });
    assert.ok(await button.isDisabled(), "a destructive command needs a typed confirmation");
    await examine(page, `confirmation of ${verb}`);
    await sure.getByRole("textbox").fill(typed);
    await button.click();
  }
  await page.getByRole("heading", { name: verb, exact: true }).waitFor();
  await page.locator(".head .badge", { hasText: "completed" }).waitFor();
  await page.getByRole("heading", { name: "Payload" }).waitFor();
  await examine(page, "command");
}

async function refusedByCap(page, env, nodes) {
  await go(page, "Agents");
  await page.getByRole("link", { name: NAME }).click();
  await page.getByRole("button", { name: "Change cap" }).click();
  await page.getByLabel("Connections over all nodes").fill("1");
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await page.getByText("1, cap 1").waitFor();
  const second = agent(env, nodes.urls[2], "worker-2");
  await page.locator("section", { hasText: "Journal" }).getByText("4429").first().waitFor();
  assert.notEqual(await second.ended, 0, "an agent above its cap must stop");
}

// Uploads two events, one of which breaks a rule, to a node that the agent has no socket to.
async function polls(page, env, url) {
  const event = (more) => ({ id: randomUUID(), engine: "celery", task_id: "polled", occurred_at: new Date().toISOString(), data: {}, ...more });
  const answer = await upload(env, url, [event({ kind: "task.sent" }), event({ kind: "task.sent", occurred_at: "yesterday" })]);
  assert.deepEqual([answer.accepted, answer.errors], [1, []], JSON.stringify(answer));
  await page.locator("section", { hasText: "Worker processes by node" }).getByText("long poll").waitFor();
  await go(page, "Rejected events");
  await page.locator("tbody").getByText("occurred_at").first().waitFor();
}

async function viewer(browser, page, url) {
  await go(page, "Users");
  await page.getByRole("button", { name: "Add a user" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Email").fill(VIEWER);
  await form.getByLabel("Name", { exact: true }).fill("Grace");
  await form.getByLabel("Password").fill(PASSWORD);
  await form.getByLabel("Demo").selectOption("viewer");
  await examine(page, "user dialog");
  await form.getByRole("button", { name: "Add" }).click();
  await rowOf(page, "demo: viewer").waitFor();
  const context = await browser.newContext();
  const other = await pageIn(context, "viewer");
  await logIn(other, url, VIEWER);
  await go(other, "Agents");
  await rowOf(other, NAME).waitFor();
  for (const button of ["Create an agent", "Issue a command"]) assert.equal(await other.getByRole("button", { name: button }).count(), 0, `the page offers a viewer the button ${button}`);
  for (const screen of ["Users", "Audit"]) assert.equal(await other.locator("nav").getByRole("link", { name: screen, exact: true }).count(), 0, `the page offers a viewer the screen ${screen}`);
  await context.close();
}

async function key(page) {
  await go(page, "API keys");
  await page.getByRole("button", { name: "Create a key" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Name").fill("ci-deploys");
  await form.getByLabel("Project").selectOption({ label: "Demo" });
  await form.getByRole("button", { name: "Create", exact: true }).click();
  await examine(page, "new key dialog");
  await page.getByRole("button", { name: "I have saved it" }).click();
  await rowOf(page, "ci-deploys").waitFor();
}

// Simulates a busy browser, whose effects and timers run late, and a remote brain, whose answers arrive after its
// change events.
async function slow(page) {
  await page.evaluate(() => {
    const { setTimeout } = globalThis;
    globalThis.requestAnimationFrame = (draw) => setTimeout(draw, 2_000);
    globalThis.setTimeout = (run, ms = 0, ...more) => setTimeout(run, Math.max(ms, 2_000), ...more);
  });
  await page.route("**/agents/*", async (route) => {
    if (route.request().method() !== "DELETE") return route.continue();
    const response = await route.fetch();
    await new Promise((late) => setTimeout(late, 1_000));
    return route.fulfill({ response });
  });
}

async function revoke(page, process) {
  await slow(page); // even then, the page must not request a revoked agent
  await page.getByRole("button", { name: "Revoke" }).click();
  await examine(page, "revoke dialog");
  const sure = page.getByRole("dialog");
  await sure.getByRole("textbox").fill(NAME);
  await sure.getByRole("button", { name: "Revoke for good" }).click();
  await page.getByRole("heading", { name: "Agents" }).waitFor();
  assert.notEqual(await process.ended, 0, "a revoked agent must stop");
  await rowOf(page, NAME).waitFor({ state: "detached" });
}

export async function drain(page, url) {
  const address = new URL(url).host;
  await go(page, "Cluster");
  await rowOf(page, address).getByRole("button").click();
  const sure = page.getByRole("dialog");
  await sure.getByRole("textbox").fill(address);
  await sure.getByRole("button", { name: "Drain the node" }).click();
  await rowOf(page, address).waitFor({ state: "detached" });
  assert.equal(await page.locator("tbody tr").count(), 2);
}

// Uses the page through a proxy that serves the brain below a path.
async function below(browser, url) {
  const proxy = await belowAPath(url);
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const page = await pageIn(context, "below a path");
    await logIn(page, proxy.url);
    await page.getByText("Live", { exact: true }).waitFor();
    await go(page, "Agents");
    await page.getByRole("button", { name: "Create an agent" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("below-a-path");
    await page.getByRole("button", { name: "Create", exact: true }).click();
    assert.ok((await page.locator("#paste-block").innerText()).includes(`Z4J_BRAIN_URL=${proxy.url.slice(0, -1)}\n`), "the address of the brain includes the path");
    await page.getByRole("button", { name: "I have saved them" }).click();
    await rowOf(page, "below-a-path").waitFor();
    await page.reload();
    await rowOf(page, "below-a-path").waitFor();
  } finally {
    await context.close();
    proxy.close();
  }
}

// Calls `look` at the point where the page has most to show.
export async function story(browser, nodes, look) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await pageIn(context, "story");
  let env, first;
  await step("creates the first user, who logs out and logs in", () => firstUser(page, nodes));
  await step("creates an agent", async () => (env = await createAgent(page)));
  await step("shows the agent online once it connects to another node with the shown credentials", async () => {
    first = agent(env, nodes.urls[1], "worker-1");
    await rowOf(page, NAME).getByText("online").waitFor();
  });
  await step("issues a command, which completes", () => issue(page, "Limit a task's rate", { Task: "shop.mail.send_receipt", Rate: "10/m" }));
  await step("asks for confirmation before a destructive command", () => issue(page, "Restart a worker", { Worker: "celery@worker-1" }, "celery@worker-1"));
  await step("shows close code 4429 in the journal", () => refusedByCap(page, env, nodes));
  await step("lists an event that a long-polling process sent and that the brain rejected", () => polls(page, env, nodes.urls[2]));
  await step("creates a viewer, who sees the agents but no actions", () => viewer(browser, page, nodes.urls[1]));
  await step("creates an API key", () => key(page));
  await step("shows every screen at both widths, dark and light", () => look(page));
  await step("revokes the agent", async () => {
    await go(page, "Agents");
    await page.getByRole("link", { name: NAME }).click();
    await revoke(page, first);
  });
  await targets(page, nodes, step);
  await step("works below a path of a proxy", () => below(browser, nodes.urls[0]));
  await step("drains a node", () => drain(page, nodes.urls[2]));
  await context.close();
}

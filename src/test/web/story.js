// The work of an operator, from the first user of a new brain to draining a node.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { agent } from "./processes.js";
import { upload } from "./poller.js";
import { complaints, examine, go, pageIn } from "./browser.js";

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
  await page.getByRole("heading", { name: "Make the first user" }).waitFor();
  await examine(page, "first user");
  await page.getByLabel("Admin key").fill(nodes.key);
  await page.getByLabel("Your email").fill(EMAIL);
  await page.getByLabel("Your name").fill("Ada");
  await page.getByLabel("A password").fill(PASSWORD);
  await page.getByRole("button", { name: "Make the first user" }).click();
  await page.getByRole("heading", { name: "Demo" }).waitFor();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByLabel("Email").waitFor();
  await examine(page, "login");
  await logIn(page, nodes.urls[0]);
  await page.getByText("Live", { exact: true }).waitFor();
}

async function mint(page) {
  await go(page, "Agents");
  await page.getByRole("button", { name: "Mint an agent" }).click();
  await examine(page, "mint dialog");
  await page.getByRole("dialog").getByLabel("Name").fill(NAME);
  await page.getByRole("button", { name: "Mint", exact: true }).click();
  const block = await page.locator("#paste-block").innerText();
  await examine(page, "minted dialog");
  await page.getByRole("button", { name: "I have kept it" }).click();
  await rowOf(page, NAME).getByText("unknown").waitFor();
  return Object.fromEntries(block.split("\n").map((line) => line.replace(/^export /, "").split(/=(.*)/s).slice(0, 2)));
}

async function issue(page, verb, fields, again) {
  await go(page, "Commands");
  await page.getByRole("button", { name: "Issue a command" }).click();
  const form = page.getByRole("dialog").first();
  await form.getByLabel("Agent").selectOption({ label: `${NAME} (online)` });
  await form.getByLabel("What").selectOption({ label: verb });
  await examine(page, `form of ${verb}`);
  for (const [label, value] of Object.entries(fields)) await form.getByLabel(label, { exact: true }).fill(value);
  await form.getByRole("button", { name: /^Issue/ }).click();
  if (again) {
    const sure = page.getByRole("dialog", { name: `${verb}?` });
    const button = sure.getByRole("button", { name: verb });
    assert.ok(await button.isDisabled(), "destructive commands must be confirmed");
    await examine(page, `second question of ${verb}`);
    await sure.getByRole("textbox").fill(again);
    await button.click();
  }
  await page.getByRole("heading", { name: verb }).waitFor();
  await page.locator(".head .badge", { hasText: "completed" }).waitFor();
  await page.getByRole("heading", { name: "Asked for" }).waitFor();
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

// One of the two events breaks a rule. Both go to a node without a socket of the agent.
async function polls(page, env, url) {
  const event = (more) => ({ id: randomUUID(), engine: "celery", task_id: "polled", occurred_at: new Date().toISOString(), data: {}, ...more });
  const answer = await upload(env, url, [event({ kind: "task.sent" }), event({ kind: "task.sent", occurred_at: "yesterday" })]);
  assert.deepEqual([answer.accepted, answer.errors], [1, []], JSON.stringify(answer));
  await page.locator("section", { hasText: "Workers by node" }).getByText("long poll").waitFor();
  await go(page, "Dead letters");
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
  for (const button of ["Mint an agent", "Issue a command"]) assert.equal(await other.getByRole("button", { name: button }).count(), 0, `a viewer sees the button ${button}`);
  for (const screen of ["Users", "Audit"]) assert.equal(await other.locator("nav").getByRole("link", { name: screen, exact: true }).count(), 0, `a viewer sees the screen ${screen}`);
  await context.close();
}

async function key(page) {
  await go(page, "API keys");
  await page.getByRole("button", { name: "Make a key" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Name").fill("ci-deploys");
  await form.getByLabel("Project").selectOption({ label: "Demo" });
  await form.getByRole("button", { name: "Make", exact: true }).click();
  await examine(page, "made key dialog");
  await page.getByRole("button", { name: "I have kept it" }).click();
  await rowOf(page, "ci-deploys").waitFor();
}

// A busy browser runs frame callbacks late, and a distant brain answers late. Here, news of a change arrives before its response.
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
  await slow(page); // even then, the page must not request the deleted agent
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
  await sure.getByRole("button", { name: "Have it leave" }).click();
  await rowOf(page, address).waitFor({ state: "detached" });
  assert.equal(await page.locator("tbody tr").count(), 2);
}

// `look` is called when the screens show the most data.
export async function story(browser, nodes, look) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await pageIn(context, "story");
  let env, first;
  await step("the first user is created, logs out and logs in", () => firstUser(page, nodes));
  await step("an agent is enrolled", async () => (env = await mint(page)));
  await step("the agent comes online on another node with the displayed variables", async () => {
    first = agent(env, nodes.urls[1], "worker-1");
    await rowOf(page, NAME).getByText("online").waitFor();
  });
  await step("a command is issued and completes", () => issue(page, "Limit a task's rate", { Task: "shop.mail.send_receipt", Rate: "10/m" }));
  await step("a destructive command must be confirmed", () => issue(page, "Restart a worker", { Worker: "celery@worker-1" }, "celery@worker-1"));
  await step("the journal shows close code 4429", () => refusedByCap(page, env, nodes));
  await step("another process of the agent polls another node, and one of its events is rejected", () => polls(page, env, nodes.urls[2]));
  await step("a viewer is created and sees no actions beyond the role", () => viewer(browser, page, nodes.urls[1]));
  await step("an API key is created", () => key(page));
  await step("every screen is correct at both widths, dark and light", () => look(page));
  await step("the agent is revoked", async () => {
    await go(page, "Agents");
    await page.getByRole("link", { name: NAME }).click();
    await revoke(page, first);
  });
  await step("a node is drained", () => drain(page, nodes.urls[2]));
  await context.close();
}

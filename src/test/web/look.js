// Takes screenshots of every screen at the widths of a telephone and of a large display.

import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { complaints, examine, go, pageIn } from "./browser.js";

// The kept screenshots come last, when the charts have most to show.
const WIDTHS = [[360, 740], [1600, 1000]];
const SCHEMES = ["dark", "light"];
const KEPT = { "overview-1600-light": "overview.png", "agent-1600-dark": "agent.png" };
const KEEP = new URL("screenshots/", import.meta.url).pathname;

// Screens whose REST path this brain lacks are skipped, with a message.
const NEEDS = { Tasks: "tasks", task: "tasks", "Queues and workers": "queues", "Rejected events": "dead-letters" };

async function missing(page) {
  const { paths } = await (await page.request.get(new URL("/api/v1/openapi.json", page.url()).href)).json();
  return Object.keys(NEEDS).filter((screen) => !paths[`/projects/{slug}/${NEEDS[screen]}`]);
}

async function places(page) {
  const without = await missing(page);
  if (without.length) console.log(`skip   this brain does not support ${without.join(", ")}`);
  await go(page, "Events");
  const task = await page.locator("tbody a").first().getAttribute("href");
  await go(page, "Commands");
  const command = await page.locator("tbody a").first().getAttribute("href");
  await go(page, "Agents");
  const agent = await page.locator("tbody a", { hasText: "billing" }).getAttribute("href");
  const menu = await page.locator("nav a").evaluateAll((links) => links.map((link) => [link.textContent, link.getAttribute("href")]));
  return [...menu, ["agent", agent], ["command", command], ["task", task]].filter(([title]) => !without.includes(title));
}

async function shoot(page, name, folder, keep) {
  await page.locator("main .loading").first().waitFor({ state: "detached" });
  await page.waitForFunction(() => [...document.querySelectorAll("main .figure b")].every((each) => each.textContent !== "–"));
  await page.waitForFunction(() => !document.querySelector("main figure") || document.querySelector("main figure canvas"));
  await page.getByText("Live", { exact: true }).waitFor({ state: "attached" });
  const file = join(folder, `${name}.png`);
  await page.screenshot({ path: file, fullPage: !KEPT[name] });
  await examine(page, name);
  if (await page.locator("main [role=alert].bad").count()) complaints.push(`${name}: shows an error: ${await page.locator("main [role=alert].bad").first().innerText()}`);
  if (keep && KEPT[name]) copyFileSync(file, join(KEEP, KEPT[name]));
}

export async function look(browser, page, folder, keep) {
  mkdirSync(folder, { recursive: true });
  const all = await places(page);
  const url = new URL(page.url());
  const state = await page.context().storageState();
  for (const [width, height] of WIDTHS) {
    for (const colorScheme of SCHEMES) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme, storageState: state });
      const other = await pageIn(context, `${width} ${colorScheme}`);
      await other.goto(url.origin);
      await other.getByRole("heading", { level: 1 }).waitFor();
      for (const [title, href] of all) {
        await other.goto(url.origin + "/" + href);
        await shoot(other, `${title.toLowerCase().replaceAll(" ", "-")}-${width}-${colorScheme}`, folder, keep);
      }
      if (width < 400) {
        await other.getByRole("button", { name: "Menu" }).click();
        await shoot(other, `menu-${width}-${colorScheme}`, folder, false);
      }
      await context.close();
    }
  }
}

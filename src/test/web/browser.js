// The browser, and the complaints about every page that it shows: console messages, serious axe violations, requests to
// other hosts, and screens wider than their window.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SERIOUS = ["serious", "critical"];

export const complaints = [];

export async function browser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

export async function pageIn(context, name) {
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on("console", (message) => complaints.push(`${name}: console ${message.type()}: ${message.text()} (${message.location().url})`));
  page.on("pageerror", (error) => complaints.push(`${name}: ${error.stack}`));
  page.on("request", (request) => {
    const to = new URL(request.url());
    if (to.protocol.startsWith("http") && to.host !== new URL(page.url() === "about:blank" ? request.url() : page.url()).host) {
      complaints.push(`${name}: request to another host: ${request.url()}`);
    }
  });
  return page;
}

export async function examine(page, what) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (over > 0) complaints.push(`${what}: wider than its window by ${over} px`);
  const faults = await page.evaluate(async (source) => {
    if (!globalThis.axe) (0, eval)(source);
    const result = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return result.violations.map((fault) => ({ impact: fault.impact, id: fault.id, where: fault.nodes.slice(0, 3).map((node) => node.target.join(" ")) }));
  }, AXE);
  for (const fault of faults.filter((each) => SERIOUS.includes(each.impact))) {
    complaints.push(`${what}: axe: ${fault.impact} ${fault.id} at ${fault.where.join(", ")}`);
  }
}

// Opens a screen through the menu.
export const go = (page, screen) => page.locator("nav").getByRole("link", { name: screen, exact: true }).click();

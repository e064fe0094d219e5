import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browser, complaints } from "./browser.js";
import { nodes, stopAll } from "./processes.js";
import { look } from "./look.js";
import { story } from "./story.js";

const keep = process.argv.includes("--keep");
const folder = mkdtempSync(join(tmpdir(), "ganglion-screens-"));
let failed = false;
let shown;
process.on("SIGTERM", () => stopAll().then(() => process.exit(1)));
try {
  const three = await nodes();
  shown = await browser();
  await story(shown, three, (page) => look(shown, page, folder, keep));
} catch (failure) {
  failed = true;
  const pages = shown?.contexts().flatMap((context) => context.pages()) || [];
  await pages[0]?.screenshot({ path: join(folder, "failed.png") }).catch(() => {});
  console.error(failure);
} finally {
  await shown?.close();
  await stopAll();
}
complaints.forEach((complaint) => console.error(`FAILED ${complaint}`));
console.log(`The screenshots are in ${folder}`);
process.exit(failed || complaints.length ? 1 : 0);

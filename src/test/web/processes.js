// Runs brains and agents in processes of their own and ends them with this process.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const JAR = fileURLToPath(new URL("../../../target/ganglion.jar", import.meta.url));
const started = [];

export const scratch = mkdtempSync(join(tmpdir(), "ganglion-web-"));

export class Process {
  constructor(args, env = {}) {
    this.output = "";
    this.child = spawn("java", ["-Xmx128m", "-jar", JAR, ...args], { env: { PATH: process.env.PATH, HOME: scratch, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on("data", (data) => (this.output += data));
    this.ended = new Promise((resolve) => this.child.on("exit", (code) => resolve(code)));
    started.push(this);
  }

  async awaitOutput(pattern, limitMs = 120_000) {
    const end = Date.now() + limitMs;
    for (;;) {
      const found = this.output.match(pattern);
      if (found) return found;
      if (this.child.exitCode !== null || Date.now() > end) throw new Error(`The process did not print ${pattern}. Its output:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

const isFree = (port) => new Promise((resolve) => {
  const server = createServer().once("error", () => resolve(false));
  server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
});

async function freePorts(count) {
  for (let tries = 0; tries < 100; tries++) {
    const first = 10_000 + Math.floor(Math.random() * 7_000);
    const all = await Promise.all(Array.from({ length: count }, (_, i) => isFree(first + i)));
    if (all.every(Boolean)) return first;
  }
  throw new Error("Found no free ports");
}

// Starts three nodes; returns their addresses and the admin key.
export async function nodes() {
  const port = await freePorts(3);
  const dev = new Process(["dev", "--nodes", "3", "--no-agents", "--set", `http.port=${port}`], { GANGLION_HOME: join(scratch, "home") });
  const [, key] = await dev.awaitOutput(/admin key\s+(\S+)/);
  return { key, urls: [0, 1, 2].map((i) => `http://127.0.0.1:${port + i}`) };
}

// The seed makes the simulated agent, which fails at random, behave the same in every run.
export function agent(env, url, worker, rate = 20) {
  return new Process(["agent", "--worker-id", worker, "--rate", String(rate), "--seed", "1"], { ...env, Z4J_BRAIN_URL: url });
}

export async function stopAll() {
  for (const each of started.reverse()) each.child.kill("SIGTERM");
  const late = setTimeout(() => started.forEach((each) => each.child.kill("SIGKILL")), 20_000);
  await Promise.all(started.map((each) => each.ended));
  clearTimeout(late);
  rmSync(scratch, { recursive: true, force: true });
}

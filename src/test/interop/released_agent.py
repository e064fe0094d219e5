"""A released agent in a separate process, controlled over its standard input and output."""
import json
import os
import pathlib
import queue
import shutil
import subprocess
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent


class ReleasedAgent:
    """`options` are further options of agent_run. `url` and `ca` locate a brain behind a proxy."""

    def __init__(self, venv, brain, credentials, events, *options, url=None, ca=None):
        self.home = tempfile.mkdtemp(prefix="z4j-home-")
        self.stderr = open(os.path.join(self.home, "stderr"), "w+", encoding="utf-8")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("Z4J_")}
        environment.update(
            Z4J_HOME=self.home, Z4J_BRAIN_URL=url or f"http://127.0.0.1:{brain.port}", Z4J_TOKEN=credentials["token"],
            Z4J_PROJECT_ID=credentials["agent"]["project_id"], Z4J_AGENT_ID=credentials["agent"]["id"],
            Z4J_HMAC_SECRET=credentials["hmac_secret"], Z4J_AGENT_NAME="interop", Z4J_WORKER_ROLE="task")
        if ca:
            environment["SSL_CERT_FILE"] = str(ca)
        self.process = subprocess.Popen(
            [str(venv / "bin" / "python"), str(HERE / "agent_run.py"), "--events", str(events), *options], env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.stderr, text=True)
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put("")

    def phase(self, name, seconds):
        """Waits for the next report, which must be of this phase."""
        try:
            line = self.lines.get(timeout=seconds)
        except queue.Empty:
            raise AssertionError(f"the agent did not report '{name}' in {seconds} s") from None
        if not line:
            self.stderr.seek(0)
            raise AssertionError(f"the agent ended before '{name}': " + self.stderr.read()[-800:])
        report = json.loads(line)
        if report["phase"] != name:
            raise AssertionError(f"the agent reported {report['phase']} instead of {name}")
        return report

    def finish(self):
        """Stops the agent in order and returns its summary."""
        self.process.stdin.close()
        summary = self.phase("summary", 30)
        self.process.wait(20)
        return summary

    def dispose(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)
        self.stderr.close()
        shutil.rmtree(self.home, ignore_errors=True)

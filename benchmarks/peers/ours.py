"""Starts a Ganglion brain with a Redis of its own, for the same load as the reference brain."""
import json
import os
import pathlib
import re
import secrets
import time
import urllib.request

from processes import Scratch, children, resident_mib

JAR = pathlib.Path(__file__).resolve().parent.parent.parent / "target/ganglion.jar"
AGENTS = 16
START_SECONDS = 60


class Ours(Scratch):
    name = "ganglion"

    def __enter__(self):
        key = "z4k_" + secrets.token_urlsafe(24)
        self.secrets = {"GANGLION_ADMIN_KEY": key}
        self.start(
            ["java", "-Xms512m", "-Xmx2g", "-jar", JAR, "dev", "--no-agents", "--set", "http.port=0",
             "--set", "events.retention-bytes=64GiB"],
            env={**os.environ, "GANGLION_HOME": str(self.directory / "home"), "GANGLION_ADMIN_KEY": key})
        self.url = self.await_url()
        self.project = self.call("POST", "/projects", {"slug": "bench", "name": "bench"})
        agents = []
        for i in range(AGENTS):
            made = self.call("POST", "/projects/bench/agents", {"name": f"agent-{i}"})
            agents.append({
                "agent_id": made["agent"]["id"], "project_id": self.project["id"], "token": made["token"],
                "hmac_secret": made["hmac_secret"],
            })
        file = self.directory / "agents.json"
        file.write_text(json.dumps(agents))
        self.agents_file = str(file)
        script = self.directory / "count"
        script.write_text(
            "#!/bin/sh\ncurl -sf -H \"Authorization: Bearer $GANGLION_ADMIN_KEY\" " + self.url
            + "/metrics | awk '/^z4j_events_ingested_total/ { n += $NF } END { printf \"%d\\n\", n }'\n")
        script.chmod(0o755)
        self.count = str(script)
        return self

    def __exit__(self, *unused):
        self.close()

    def await_url(self):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            found = re.search(r"http://127\.0\.0\.1:[1-9]\d*", (self.directory / "log").read_text())
            if found:
                return found.group()
            time.sleep(0.2)
        raise RuntimeError("The Ganglion brain did not start: " + (self.directory / "log").read_text()[-500:])

    def call(self, method, path, body):
        headers = {"Content-Type": "application/json", "Authorization": "Bearer " + self.secrets["GANGLION_ADMIN_KEY"]}
        request = urllib.request.Request(self.url + "/api/v1" + path, json.dumps(body).encode(), headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def roots(self):
        return [self.process.pid]

    def resident_mib(self):
        return resident_mib(children(self.process.pid))

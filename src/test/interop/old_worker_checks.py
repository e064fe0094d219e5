"""Checks of real workers with agents of the 1.6 line, which resend unacknowledged batches in a loop."""
import collections
import http.client
import os
import pathlib
import re
import secrets
import shutil
import subprocess
import tempfile
import time

from brain import Rest
from celery_worker import Broker, end

HERE = pathlib.Path(__file__).resolve().parent
FRAMES_PER_BATCH = 20
#: Jobs of the short form and of the full form. Both check the same promises.
SHORT = {"rq": 15, "dramatiq": 130}
FULL = {"rq": 65, "dramatiq": 130}


class OldWorker:
    def __init__(self, venv, brain, credentials, broker, engine):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="old-worker-"))
        plain = {name: value for name, value in os.environ.items() if not name.startswith("Z4J_")}
        self.environment = dict(plain, INTEROP_BROKER=broker.url, PYTHONPATH=str(HERE))
        agent = dict(self.environment, Z4J_HOME=str(self.home), Z4J_RQ_REDIS_URL=broker.url,
                     Z4J_BRAIN_URL=f"http://127.0.0.1:{brain.port}", Z4J_TOKEN=credentials["token"],
                     Z4J_PROJECT_ID=credentials["agent"]["project_id"], Z4J_AGENT_ID=credentials["agent"]["id"],
                     Z4J_HMAC_SECRET=credentials["hmac_secret"])
        self.command = [str(venv / "bin" / "python"), str(HERE / "old_worker.py"), engine]
        self.log = open(self.home / "log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(self.command, env=agent, cwd=self.home, stdout=self.log, stderr=subprocess.STDOUT)

    def enqueue(self, jobs):
        subprocess.run([*self.command, "enqueue", str(jobs)], env=self.environment, cwd=self.home, check=True, timeout=60)

    def stop(self):
        end(self.process)
        self.log.close()
        shutil.rmtree(self.home, ignore_errors=True)


def check_old_workers(venv, brain, redis, checks, full):
    for engine, jobs in (FULL if full else SHORT).items():
        broker = Broker(redis)
        try:
            check_engine(engine, jobs, venv, brain, broker, checks)
        finally:
            broker.stop()


def forget_path():
    """Lets the kernel forget what it remembers of the loopback interface. Reordering that it saw under load makes the send
    buffer of a new connection larger than a megabyte, and the agent fills it. Needs root and iproute2; works without them."""
    if shutil.which("ip"):
        subprocess.run(["ip", "tcp_metrics", "flush", "127.0.0.0/8"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def check_engine(engine, jobs, venv, brain, broker, checks):
    name = f"z4j-{engine} 1.6"
    rest = Rest(brain.port, brain.key)
    slug = "old-" + secrets.token_hex(4)
    rest("POST", "/projects", {"slug": slug, "name": name})
    credentials = rest("POST", f"/projects/{slug}/agents", {"name": name})
    agent_path = f"/projects/{slug}/agents/{credentials['agent']['id']}"
    forget_path()
    worker = OldWorker(venv, brain, credentials, broker, engine)
    try:
        online = until(lambda: rest("GET", agent_path)["state"] == "online", 30)
        checks.check(f"{name}: comes online", online)
        started = time.monotonic()
        worker.enqueue(jobs)
        ends = lambda: kinds(rest, slug)["task.succeeded"] >= jobs
        arrived = until(ends, 90)
        seconds = round(time.monotonic() - started, 1)
        counts = kinds(rest, slug)
        checks.check(f"{name}: every event of {jobs} jobs arrives ({seconds} s)",
                     arrived and counts["task.started"] == jobs, str(counts))
        repeats = settled(lambda: repeats_of(brain, credentials["agent"]["id"]))
        batches = sum(counts.values())
        ratio = round((repeats + batches) / max(1, batches), 1)
        # A few jobs cannot share the frames that fill the buffers of the network.
        limit = FRAMES_PER_BATCH * max(1, FULL[engine] / jobs)
        checks.check(f"{name}: at most {limit:.0f} frames for each batch ({ratio})", ratio <= limit)
        closes = [entry for entry in rest("GET", agent_path + "/journal")["items"] if entry["kind"] == "close"]
        checks.check(f"{name}: its session stays open", not closes, str(closes)[:400])
    finally:
        worker.stop()
    checks.check(f"{name}: is offline after it stopped",
                 until(lambda: rest("GET", agent_path)["state"] == "offline", 30))


def kinds(rest, slug):
    return collections.Counter(event["kind"] for event in rest.all_items(f"/projects/{slug}/events"))


def repeats_of(brain, agent):
    connection = http.client.HTTPConnection("127.0.0.1", brain.port, timeout=10)
    try:
        connection.request("GET", "/metrics", headers={"Authorization": f"Bearer {brain.key}"})
        text = connection.getresponse().read().decode()
    finally:
        connection.close()
    found = re.search(rf'^ganglion_batches_repeated_total{{[^}}]*{agent}[^}}]*}} (\S+)', text, re.MULTILINE)
    return int(float(found.group(1))) if found else 0


def settled(read, seconds=20):
    """Reads until the value stays the same for three seconds: what is left in the buffers still arrives."""
    deadline, value, since = time.monotonic() + seconds, read(), time.monotonic()
    while time.monotonic() < deadline and time.monotonic() - since < 3:
        time.sleep(0.5)
        now = read()
        if now != value:
            value, since = now, time.monotonic()
    return value


def until(condition, seconds):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.25)
    return True

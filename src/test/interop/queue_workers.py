"""Worker processes of rq, arq and Flask with their z4j adapters, started and stopped by the checks."""
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile

from celery_worker import HERE, end

JOBS = """import sys, redis, rq
connection = redis.Redis.from_url(sys.argv[1])
queue = rq.Queue(sys.argv[2], connection=connection)
for number in range(int(sys.argv[3])):
    print(queue.enqueue("queue_app.fail", number).id)
"""
# A worker that exits by itself leaves its registration, and rq then refuses another worker of the same name.
FORGET = """import sys, redis
connection = redis.Redis.from_url(sys.argv[1])
connection.delete("rq:worker:" + sys.argv[2])
connection.srem("rq:workers", "rq:worker:" + sys.argv[2])
"""


class QueueWorkers:
    """All processes of one agent. Each process has its own directory for the agent's buffer."""

    def __init__(self, venv, brain, credentials, broker):
        self.venv, self.broker, self.processes = venv, broker, {}
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="queue-workers-"))
        self.log = open(self.home / "log", "w+", encoding="utf-8")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("Z4J_")}
        self.environment.update(
            INTEROP_BROKER=broker.url, PYTHONPATH=str(HERE), Z4J_DEV_MODE="1",
            Z4J_BRAIN_URL=f"http://127.0.0.1:{brain.port}", Z4J_TOKEN=credentials["token"],
            Z4J_PROJECT_ID=credentials["agent"]["project_id"], Z4J_AGENT_ID=credentials["agent"]["id"],
            Z4J_HMAC_SECRET=credentials["hmac_secret"])

    def start(self, part, name, *command):
        home = self.home / f"{name}-{len(list(self.home.iterdir()))}"
        home.mkdir()
        environment = dict(self.environment, INTEROP_PART=part, Z4J_HOME=str(home), Z4J_AGENT_NAME=name)
        self.processes[name] = subprocess.Popen(
            [str(self.venv / "bin" / command[0]), *command[1:]], env=environment, cwd=home, stdout=self.log,
            stderr=subprocess.STDOUT)

    def rq(self, name):
        """Starts an rq worker of this name, with a queue of the same name."""
        if name in self.processes:
            subprocess.run([str(self.venv / "bin" / "python"), "-c", FORGET, self.broker.url, name], check=True,
                           env=dict(self.environment, INTEROP_PART=""), timeout=60)
        self.start("rq", name, "rq", "worker", "--config", "queue_app", "--url", self.broker.url, "--name", name, name)

    def arq(self, name):
        self.start("arq", name, "arq", "queue_app.ArqSettings")

    def gunicorn(self, name, workers):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.start("flask", name, "gunicorn", "--workers", str(workers), "--bind", f"127.0.0.1:{port}", "queue_app:app")

    def enqueue(self, queue, count):
        """Enqueues jobs that fail, and returns their ids."""
        done = subprocess.run([str(self.venv / "bin" / "python"), "-c", JOBS, self.broker.url, queue, str(count)],
                              env=dict(self.environment, INTEROP_PART=""), capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise AssertionError("cannot enqueue jobs: " + done.stderr[-500:])
        return done.stdout.split()

    def alive(self):
        return {name for name, process in self.processes.items() if process.poll() is None}

    def log_tail(self, characters=1500):
        self.log.flush()
        return (self.home / "log").read_text("utf-8", "replace")[-characters:]

    def stop_one(self, name):
        end(self.processes[name])

    def stop(self):
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        for process in self.processes.values():
            end(process)
        self.log.close()
        shutil.rmtree(self.home, ignore_errors=True)

"""A real Celery worker with z4j-celery, its broker, and a probe that inspects both, each as a separate process."""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
WORKER = "interop@celery"


def redis_server(brain_home):
    """Returns a Redis server on this machine: the one that `dev` extracted, or an installed one."""
    homes = [brain_home, os.environ.get("GANGLION_HOME"), pathlib.Path.home() / ".ganglion"]
    for home in homes:
        found = sorted(pathlib.Path(home).glob("bin/redis-server*")) if home else []
        if found:
            return str(found[0])
    return shutil.which("redis-server")


class Broker:
    def __init__(self, binary):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process = subprocess.Popen(
            [binary, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tempfile.gettempdir())
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise AssertionError("the broker's Redis did not start") from None
                time.sleep(0.1)

    def stop(self):
        end(self.process)


class CeleryWorker:
    """Starts the worker and the probe. `probe(call, …)` queries Celery, not the brain."""

    def __init__(self, venv, brain, credentials, broker):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="celery-home-"))
        plain = {name: value for name, value in os.environ.items() if not name.startswith("Z4J_")}
        plain.update(INTEROP_BROKER=broker.url, PYTHONPATH=str(HERE), Z4J_HOME=str(self.home))
        agent = dict(plain, Z4J_BRAIN_URL=f"http://127.0.0.1:{brain.port}", Z4J_TOKEN=credentials["token"],
                     Z4J_PROJECT_ID=credentials["agent"]["project_id"], Z4J_AGENT_ID=credentials["agent"]["id"],
                     Z4J_HMAC_SECRET=credentials["hmac_secret"], Z4J_AGENT_NAME="celery-host")
        python = str(venv / "bin" / "python")
        # Started by its own name: z4j-celery does not recognise `python -m celery` as a worker and starts no agent there.
        celery = str(venv / "bin" / "celery")
        self.log = open(self.home / "log", "w+", encoding="utf-8")
        self.worker = subprocess.Popen(
            [celery, "-A", "celery_app", "worker", "-n", WORKER, "-c", "2", "-E", "-l", "INFO"],
            env=agent, cwd=self.home, stdout=self.log, stderr=subprocess.STDOUT)
        self.prober = subprocess.Popen([python, str(HERE / "celery_probe.py")], env=plain, cwd=self.home, text=True,
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log)

    def probe(self, call, *args):
        self.prober.stdin.write(json.dumps({"call": call, "args": args}) + "\n")
        self.prober.stdin.flush()
        answer = self.prober.stdout.readline()
        if not answer:
            raise AssertionError("the probe ended: " + self.log_tail())
        return json.loads(answer)

    def log_tail(self, characters=1500):
        self.log.flush()
        return (self.home / "log").read_text("utf-8", "replace")[-characters:]

    def stop(self):
        self.prober.stdin.close()
        for process in (self.worker, self.prober):
            end(process)
        self.log.close()
        shutil.rmtree(self.home, ignore_errors=True)


def end(process):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)

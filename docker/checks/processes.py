"""Runs the services of compose.yaml as processes, calls them through the proxy, and replaces the brains under load."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import time

from . import BRAINS, JAR
from .client import ProxyClient, ready
from .compose import read_compose
from .dockerfile import read_image
from .network import AGENT, PROXY
from .report import check, failures, until
from .services import Services, prepare


def check_processes():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="ganglion-docker-"))
    started = []
    try:
        prepare(directory)
        check_services(Services(read_image(), read_compose(), directory), started)
    finally:
        for container in reversed(started):
            container.stop(40)
        if failures:
            print(f"the logs are in {directory}")
        else:
            shutil.rmtree(directory)


def check_services(services, started):
    """Starts the services, and adds each container to `started` at its start."""
    for name in ("redis", *BRAINS, "haproxy"):
        started.append(services[name].start())
    for name in BRAINS:
        if not until(f"{name}: is ready", lambda name=name: ready(name), 120):
            return
    check("brain-1: the image's health check reports a healthy brain",
          services["brain-1"].execute(services.image.health_check) == 0)
    if failures:
        return
    directory = services.directory
    proxy = ProxyClient(directory / "cert.pem", (directory / "secrets/admin-key").read_text())
    if not until("the proxy serves REST over TLS", lambda: proxy.call("GET", "/projects") is not None):
        return
    proxy.call("POST", "/projects", {"slug": "checked", "name": "Checked"})
    enrolled = proxy.call("POST", "/projects/checked/agents", {"name": "agent"})
    check_agent_address(proxy, enrolled)
    check_replacement(services, proxy, enrolled)
    for name in (*BRAINS, "haproxy", "redis"):
        check_end(name, services[name])


def check_agent_address(proxy, enrolled):
    opened, acknowledged = proxy.open_session(enrolled["token"], "by-hand")
    check("an agent connects through the proxy", acknowledged)
    seen = [worker["remote_address"] for worker in workers(proxy, enrolled)]
    check("the brain sees the agent's address, not the proxy's and not the forged one", seen == [AGENT], seen)
    opened.close()


def workers(proxy, enrolled):
    return proxy.call("GET", f"/projects/checked/agents/{enrolled['agent']['id']}/workers")["items"]


def check_replacement(services, proxy, enrolled):
    """Replaces one brain after the other while an agent sends events and a client calls REST without a pause."""
    agent = AgentProcess(services.directory, enrolled)
    caller = Caller(proxy)
    try:
        until("events of an agent that connects through the proxy are stored", lambda: len(events(proxy, 500)) > 50)
        caller.start()
        for name in BRAINS:
            replace(name, services)
            time.sleep(3)
        last = events(proxy, 1)[0]["id"]
        until("the agent continues to send", lambda: events(proxy, 1)[0]["id"] != last)
        caller.stop()
        check(f"none of {caller.calls} REST calls failed while the brains were replaced",
              not caller.errors, f"{len(caller.errors)}, first {caller.errors[:3]}")
        own = [worker for worker in workers(proxy, enrolled) if worker["worker_id"] == "steady"]
        check("the agent has exactly one slot", len(own) == 1, own)
    finally:
        caller.stop()
        agent.stop()
    print("      the agent's last report: " + agent.last_report())


def events(proxy, limit):
    return proxy.call("GET", f"/projects/checked/events?limit={limit}")["items"]


def replace(name, services):
    brain = services[name]
    seconds = brain.stop(40)
    status = brain.process.returncode
    check(f"{name}: SIGTERM ends it in order within its grace period ({seconds:.1f} s)", status == 143, status)
    check(f"{name}: the health check reports that it does not run", brain.execute(services.image.health_check) == 1)
    brain.start()
    until(f"{name}: is ready again", lambda: ready(name), 120)


def check_end(name, container):
    seconds = container.stop(60)
    status = container.process.returncode
    check(f"{name}: ends on SIGTERM ({seconds:.1f} s)", status in (0, 143), status)


class AgentProcess:
    """The jar's own agent, which sends 50 events per second through the proxy."""

    def __init__(self, directory, enrolled):
        # The certificate is for localhost, so this process resolves localhost to the proxy.
        (directory / "proxied").write_text(f"{PROXY[0]} localhost\n")
        self.log = directory / "agent.log"
        agent = ["java", "-Xmx128m", "-jar", str(JAR), "agent", "--url", "wss://localhost:7700",
                 "--tls-ca", str(directory / "cert.pem"), "--worker-id", "steady", "--rate", "50"]
        secrets = {"Z4J_TOKEN": enrolled["token"], "Z4J_HMAC_SECRET": enrolled["hmac_secret"]}
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c", 'mount --bind "$0" /etc/hosts; exec "$@"',
             str(directory / "proxied"), *agent],
            env={"PATH": os.environ["PATH"], **secrets},
            stdin=subprocess.DEVNULL, stdout=self.log.open("w"), stderr=subprocess.STDOUT)

    def stop(self):
        self.process.terminate()
        self.process.wait(20)

    def last_report(self):
        return " ".join(self.log.read_text().strip().splitlines()[-1:])


class Caller:
    """Calls REST every 20 ms in a thread of its own and keeps the errors."""

    def __init__(self, proxy):
        self.proxy = proxy
        self.calls = 0
        self.errors = []
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def start(self):
        self.thread.start()

    def run(self):
        while not self.stopped.is_set():
            try:
                events(self.proxy, 1)
            except OSError as e:
                self.errors.append(f"{time.strftime('%X')} {e}")
            self.calls += 1
            self.stopped.wait(0.02)

    def stop(self):
        self.stopped.set()
        if self.thread.is_alive():
            self.thread.join()

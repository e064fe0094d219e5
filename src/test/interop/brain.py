"""A brain for the tests, and a client for its REST interface. Uses only the Python standard library."""
import http.client
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]


class Rest:
    """Calls paths below /api/v1 with a key."""

    def __init__(self, port, key):
        self.port, self.key = port, key

    def __call__(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, "/api/v1" + path, None if body is None else json.dumps(body),
                               {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            if answer.status >= 400:
                raise AssertionError(f"{method} {path} answered {answer.status}: {text[:300]}")
            return json.loads(text) if text else None
        finally:
            connection.close()

    def all_items(self, path, most=50_000):
        """Returns all items of a list, from all pages."""
        items, cursor = [], None
        while len(items) < most:
            joint = "&" if "?" in path else "?"
            page = self("GET", f"{path}{joint}limit=500" + (f"&cursor={cursor}" if cursor else ""))
            items += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return items
        raise AssertionError(f"GET {path} lists more than {most} items")


def free_ports(count):
    """Returns the first of this many consecutive free ports."""
    for first in range(21_000, 30_000, 10):
        try:
            for port in range(first, first + count):
                with socket.socket() as free:
                    free.bind(("127.0.0.1", port))
            return first
        except OSError:
            continue
    raise SystemExit("interop: found no free ports")


class OwnBrain:
    """`java -jar target/ganglion.jar dev --no-agents` on one or more consecutive free ports, with its own home directory."""

    def __init__(self, jar=ROOT / "target" / "ganglion.jar", nodes=1):
        if not jar.exists():
            raise SystemExit(f"interop: {jar} is missing; build it with: mvn -q -DskipTests package")
        self.port = free_ports(nodes)
        self.key = "z4k_" + secrets.token_urlsafe(32)
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="ganglion-interop-"))
        self.log = open(self.home / "brain.log", "w+", encoding="utf-8")
        environment = {**os.environ, "GANGLION_HOME": str(self.home), "GANGLION_ADMIN_KEY": self.key,
                       "GANGLION_HTTP_PORT": str(self.port)}
        several = ["--nodes", str(nodes)] if nodes > 1 else []
        self.process = subprocess.Popen(["java", "-jar", str(jar), "dev", "--no-agents", *several], env=environment,
                                        stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True)

    def await_ready(self, seconds=90):
        deadline = time.monotonic() + seconds
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("interop: the brain did not become ready; its last log lines:\n" + self.log_tail())
            time.sleep(0.2)

    def ready(self):
        return self.node_ready(self.port)

    @staticmethod
    def node_ready(port):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False

    def log_tail(self, lines=15):
        self.log.flush()
        return "\n".join((self.home / "brain.log").read_text("utf-8", "replace").splitlines()[-lines:])

    def stop(self, keep):
        """Stops the brain in order, or by force after 20 s. Keeps its home directory if `keep` is set."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
        self.log.close()
        if keep:
            print(f"the brain's home and log are kept in {self.home}")
        else:
            shutil.rmtree(self.home, ignore_errors=True)

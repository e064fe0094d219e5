"""Installs and starts the reference brain, using only its command line and its documentation."""
import http.cookiejar
import json
import os
import pathlib
import secrets
import shutil
import subprocess
import sys
import urllib.request

from processes import Scratch, await_http, children, free_port, resident_mib

HERE = pathlib.Path(__file__).resolve().parent
VENV = HERE.parent / "target/peers"
EMAIL, PASSWORD = "bench@example.com", "bench-Passw0rd-1234"
AGENTS = 16
START_SECONDS = 120


def environment():
    """Creates the virtual environment with the pinned packages, if it is not up to date, and returns its path."""
    stamp = VENV / "installed.txt"
    wanted = (HERE / "requirements.txt").read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
        subprocess.run([VENV / "bin/pip", "install", "-q", "-r", HERE / "requirements.txt"], check=True)
        stamp.write_text(wanted)
    return VENV


class SqliteDatabase(Scratch):
    name = "SQLite"

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def settings(self, home):
        self.file = home / "z4j.db"
        return {}

    def count(self):
        script = f"import sqlite3; print(sqlite3.connect('{self.file}').execute('select count(*) from events').fetchone()[0])"
        return f'{sys.executable} -c "{script}"'

    def roots(self):
        return []


class PostgresDatabase(Scratch):
    name = "PostgreSQL"

    def __enter__(self):
        binaries = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        if not binaries:
            raise RuntimeError("PostgreSQL is not installed; install Debian's postgresql")
        self.bin, self.port = binaries[-1], free_port()
        self.data = self.directory / "data"
        self.as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.as_user:
            shutil.chown(self.directory, "postgres")
        subprocess.run(
            [*self.as_user, self.bin / "initdb", "-D", self.data, "-A", "trust", "-U", "bench"], check=True, capture_output=True)
        self.start([*self.as_user, self.bin / "postgres", "-D", self.data, "-p", str(self.port), "-k", str(self.directory),
                    "-c", "listen_addresses=127.0.0.1"])
        for _ in range(100):
            ready = subprocess.run([self.bin / "pg_isready", "-h", "127.0.0.1", "-p", str(self.port)], capture_output=True)
            if ready.returncode == 0:
                break
        subprocess.run([self.bin / "createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "bench", "z4j"], check=True)
        return self

    def __exit__(self, *unused):
        self.close()

    def settings(self, home):
        return {
            "Z4J_DATABASE_URL": f"postgresql+asyncpg://bench@127.0.0.1:{self.port}/z4j",
            "Z4J_SECRET": secrets.token_urlsafe(48),
            "Z4J_SESSION_SECRET": secrets.token_urlsafe(48),
            "Z4J_AUDIT_CHAIN_SECRET": secrets.token_urlsafe(48),
        }

    def count(self):
        return f"{self.bin}/psql -h 127.0.0.1 -p {self.port} -U bench -At -c 'select count(*) from events' z4j"

    def roots(self):
        return [self.process.pid]


class Reference(Scratch):
    """A reference brain on a database."""

    secrets = {}

    def __init__(self, database):
        super().__init__()
        self.database = database
        self.name = f"z4j 1.13.0, {database.name}"

    def __enter__(self):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        # With two processes, the reference brain accepts the password only in the environment.
        settings = {
            **os.environ, "Z4J_BOOTSTRAP_ADMIN_EMAIL": EMAIL, "Z4J_BOOTSTRAP_ADMIN_PASSWORD": PASSWORD, "HOME": str(self.directory), "Z4J_HOME": str(self.directory),
            **self.database.settings(self.directory),
        }
        self.start(
            [environment() / "bin/z4j", "serve", "--host", "127.0.0.1", "--port", str(port), "--environment", "dev"],
            env=settings)
        try:
            await_http(f"{self.url}/api/v1/health", START_SECONDS)
        except RuntimeError:
            lines = (self.directory / "log").read_text().splitlines()
            self.close()
            raise RuntimeError(f"{self.name} did not start: " + " / ".join(lines[-5:]))
        self.enrol()
        return self

    def __exit__(self, *unused):
        self.close()

    def enrol(self):
        jar = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

        def post(path, body):
            headers = {"Content-Type": "application/json"}
            headers.update({"X-CSRF-Token": cookie.value for cookie in jar if cookie.name == "z4j_csrf"})
            request = urllib.request.Request(f"{self.url}/api/v1{path}", json.dumps(body).encode(), headers)
            with opener.open(request, timeout=30) as answer:
                return json.load(answer)

        post("/auth/login", {"email": EMAIL, "password": PASSWORD})
        agents = []
        for i in range(AGENTS):
            made = post("/projects/default/agents", {"name": f"agent-{i}"})
            agents.append({
                "agent_id": made["agent"]["id"], "project_id": made["agent"]["project_id"], "token": made["token"],
                "hmac_secret": made["hmac_secret"],
            })
        file = self.directory / "agents.json"
        file.write_text(json.dumps(agents))
        self.agents_file = str(file)

    @property
    def count(self):
        return self.database.count()

    def roots(self):
        return [self.process.pid, *self.database.roots()]

    def resident_mib(self):
        return resident_mib([pid for root in self.roots() for pid in children(root)])

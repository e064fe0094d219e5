"""Runs the commands of the page "Getting started" about agents and Celery, as they stand, in a shell."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile

from brain import ROOT

PAGE = ROOT / "src" / "docs" / "getting-started.md"
SECTIONS = ["Read events", "Connect an agent", "Connect a Celery worker"]
LIMIT_SECONDS = 240


def blocks():
    """Returns the shell blocks of the sections, in the order of the page."""
    found = []
    for section in SECTIONS:
        text = re.search(rf"^## {section}\n(.*?)(?=^## )", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
        if not text:
            raise AssertionError(f"{PAGE} has no section {section}")
        found += re.findall(r"^```sh\n(.*?)^```$", text.group(1), re.MULTILINE | re.DOTALL)
    return found


def check_getting_started(venv, brain, redis, checks):
    """Runs the blocks in an empty directory. The environment `venv` takes the place of the one that the page creates."""
    home = pathlib.Path(tempfile.mkdtemp(prefix="getting-started-"))
    (home / "ganglion" / "bin").mkdir(parents=True)
    (home / "ganglion" / "admin-key").write_text(brain.key)
    (home / "ganglion" / "bin" / "redis-server-here").symlink_to(redis)
    (home / "target").symlink_to(ROOT / "target")
    (home / "venv").symlink_to(venv)
    script = []
    for block in blocks():
        if "-m venv" in block:
            print("getting started: uses the pinned packages instead of installing the newest")
        else:
            script.append(block)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("Z4J_", "GANGLION_"))}
    environment.update(GANGLION_HOME=str(home / "ganglion"), GANGLION_HTTP_PORT=str(brain.port))
    shell = subprocess.Popen(["bash", "-euo", "pipefail", "-c", "\n".join(script)], cwd=home, env=environment, text=True,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        output, _ = shell.communicate(timeout=LIMIT_SECONDS)
        tail = output[-1500:]
        checks.check("getting started: all commands succeed", shell.returncode == 0, tail)
        checks.check("getting started: the agent of the worker connects", "z4j agent connected" in output, tail)
        checks.check("getting started: the task prints 5", re.search(r"^5$", output, re.MULTILINE), tail)
        checks.check("getting started: the brain lists the task with its state",
                     '"name":"tasks.add"' in output and '"state":"success"' in output, tail)
    finally:
        end(shell, home)


def end(shell, home):
    """Ends what the commands started, also if one of them failed."""
    try:
        os.killpg(shell.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    pid = home / "broker" / "pid"
    if pid.exists() and pid.read_text().strip():
        try:
            os.kill(int(pid.read_text()), signal.SIGKILL)
        except ProcessLookupError:
            pass
    shell.wait()
    shutil.rmtree(home, ignore_errors=True)

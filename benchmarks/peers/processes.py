"""Starts, measures and ends the processes of a run."""
import os
import pathlib
import socket
import subprocess
import tempfile
import shutil
import time
import urllib.error
import urllib.request

PAGE_MIB = os.sysconf("SC_PAGE_SIZE") / 1048576


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def children(pid):
    """The ids of a process and all its descendants."""
    found, parents = [pid], {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            parents.setdefault(int(stat.read_text().rsplit(")", 1)[1].split()[1]), []).append(int(stat.parent.name))
        except (OSError, IndexError):
            continue
    for one in found:
        found += parents.get(one, [])
    return found


def resident_mib(pids):
    """The summed proportional set size in MiB, which counts memory that processes share only once."""
    total = 0.0
    for pid in pids:
        try:
            for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) / 1024
        except OSError:
            continue
    return total


def await_http(url, seconds):
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, OSError):
            if time.monotonic() > end:
                raise RuntimeError(f"{url} did not answer in {seconds} s")
            time.sleep(0.2)


class Scratch:
    """A temporary directory with a process that runs in it. Closing it ends the process and deletes the directory."""

    def __init__(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="ganglion-peers-"))
        self.directory.chmod(0o755)
        self.process = None

    def start(self, command, **options):
        log = open(self.directory / "log", "w")
        self.process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, **options)

    def close(self):
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

"""Runs a service's command like a container engine would, but as a process of this machine."""
import os
import signal
import subprocess
import time

# The root file system is an overlay of this machine's. It becomes read-only after the files are in place.
OVERLAY = """set -e
mount -t tmpfs tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
"""
FILE = """mkdir -p '/mnt/root{directory}'; rm -f '/mnt/root{target}'
cp '{source}' '/mnt/root{target}'; chmod {mode} '/mnt/root{target}'
"""
WRITABLE = """mkdir -p /mnt/root{target}; mount --bind '{source}' /mnt/root{target}
"""
START = """mount -t tmpfs -o mode=1777,size=128m tmpfs /mnt/root/tmp
mount --rbind /proc /mnt/root/proc
mount --rbind /dev /mnt/root/dev
mount -o remount,ro /mnt/root
exec chroot /mnt/root setpriv --reuid {uid} --regid {gid} --clear-groups --no-new-privs --bounding-set -all "$@"
"""


class Container:
    """A command with a read-only root file system of its own, which holds its files and secrets, with a writable /tmp,
    as an unprivileged user without capabilities."""

    def __init__(self, name, directory, command, environment, *, user="99:99", files=(), writable=None):
        """Prepares a container. `files` are pairs of source and target, `writable` is a pair of directories."""
        self.log = directory / f"{name}.log"
        self.process = None
        self.environment = {"PATH": os.environ["PATH"], **environment}
        script = OVERLAY
        for source, target in [*files, (directory / "hosts", "/etc/hosts")]:
            mode = "0555" if "/bin/" in target else "0444"
            script += FILE.format(directory=os.path.dirname(target), source=source, target=target, mode=mode)
        if writable:
            script += WRITABLE.format(source=writable[0], target=writable[1])
        uid, gid = user.split(":")
        script += START.format(uid=uid, gid=gid)
        self.shell = ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh"]
        self.command = command

    def start(self):
        """Starts the command and returns the container."""
        self.process = subprocess.Popen(
            [*self.shell, *self.command], env=self.environment, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=self.log.open("ab"), stderr=subprocess.STDOUT)
        return self

    def execute(self, command):
        """Runs another command in such a container, like a health check, and returns its status."""
        return subprocess.run([*self.shell, *command], env=self.environment, capture_output=True, timeout=60).returncode

    def stop(self, limit):
        """Sends SIGTERM, kills the process after a number of seconds, and returns the seconds until its end."""
        began = time.monotonic()
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(limit)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        return time.monotonic() - began

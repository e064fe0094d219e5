"""Gives the processes a network of their own, in which each service keeps its port and has an address for its name."""
import subprocess
import sys

from . import BRAINS

HOSTS = {
    "brain-1": "10.77.0.1",
    "brain-2": "10.77.0.2",
    "brain-3": "10.77.0.3",
    "redis": "10.77.0.4",
    "localhost": "127.0.0.1",
}
PROXY = ("10.77.0.5", 7700)
SUBNET = "10.77.0.0/24"
# The address from which an agent connects. It is outside the subnet, whose addresses count as proxies.
AGENT = "192.0.2.99"
# The processes end with the first process of their namespace.
NAMESPACES = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]


def namespaces_work():
    return subprocess.run([*NAMESPACES, "true"], capture_output=True).returncode == 0


def run_in_namespaces(script, argument):
    """Runs a Python script in new namespaces and returns its status."""
    return subprocess.run([*NAMESPACES, sys.executable, script, argument]).returncode


def add_addresses():
    """Gives all addresses to the loopback interface of this network namespace."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for address in (*HOSTS.values(), PROXY[0], AGENT):
        if address != "127.0.0.1":
            subprocess.run(["ip", "address", "add", address + "/32", "dev", "lo"], check=True)


def hosts_file():
    """Returns the text of an /etc/hosts with the names that Compose would resolve."""
    lines = [f"{ip} {name} {name}.inside{' brains.inside' if name in BRAINS else ''}\n" for name, ip in HOSTS.items()]
    return "".join(lines)

"""Three nodes of one cluster behind HAProxy with TLS, configured by docker/haproxy.cfg."""
import os
import shutil
import socket
import ssl
import subprocess

from brain import ROOT, OwnBrain

NODES = 3


def haproxy():
    """Returns the path of haproxy, or None if haproxy or openssl, which creates its certificate, is missing."""
    found = shutil.which("haproxy", path=os.environ.get("PATH", "") + ":/usr/sbin")
    return found if shutil.which("openssl") else None


class ProxiedBrains(OwnBrain):
    def __init__(self, proxy):
        super().__init__(nodes=NODES)
        self.ports = [self.port + node for node in range(NODES)]
        self.ca = self.home / "proxy.crt"
        key = self.home / "proxy.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out", str(self.ca)],
                       check=True, capture_output=True)
        (self.home / "proxy.pem").write_text(self.ca.read_text() + key.read_text())
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"https://127.0.0.1:{port}"
        brains = {f"BRAIN_{node + 1}": f"127.0.0.1:{self.ports[node]}" for node in range(NODES)}
        environment = {**os.environ, **brains, "PROXY_BIND": f"127.0.0.1:{port}", "NAME_SERVER": "127.0.0.1:53",
                       "PROXY_PEM": str(self.home / "proxy.pem")}
        self.proxy_address = ("127.0.0.1", port)
        self.proxy = subprocess.Popen([proxy, "-db", "-f", str(ROOT / "docker/haproxy.cfg")], env=environment,
                                      stdout=self.log, stderr=subprocess.STDOUT)

    def ready(self):
        return all(self.node_ready(port) for port in self.ports) and self.proxied()

    def proxied(self):
        """Returns whether the proxy forwards requests to a ready brain."""
        try:
            context = ssl.create_default_context(cafile=str(self.ca))
            with socket.create_connection(self.proxy_address, timeout=3) as plain:
                with context.wrap_socket(plain, server_hostname="127.0.0.1") as door:
                    door.sendall(b"GET /readyz HTTP/1.1\r\nHost: brain\r\nConnection: close\r\n\r\n")
                    return b" 200 " in door.recv(64)
        except OSError:
            return False

    def stop(self, keep):
        self.proxy.terminate()
        self.proxy.wait(10)
        super().stop(keep)

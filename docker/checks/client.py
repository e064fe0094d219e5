"""Calls the brains: directly, and through the proxy like an operator or an agent."""
import http.client
import json
import socket
import ssl
import time

from .network import AGENT, HOSTS, PROXY


def ready(brain):
    """Returns whether a brain reports that it is ready for traffic."""
    connection = http.client.HTTPConnection(HOSTS[brain], 7700, timeout=3)
    connection.request("GET", "/readyz")
    return connection.getresponse().status == 200


class ProxyClient:
    """Connects to the proxy over TLS and verifies its certificate."""

    def __init__(self, certificate, key):
        self.tls = ssl.create_default_context(cafile=str(certificate))
        self.key = key

    def connect(self, source=""):
        plain = socket.create_connection(PROXY, timeout=10, source_address=(source, 0))
        return self.tls.wrap_socket(plain, server_hostname="localhost")

    def call(self, method, path, body=None):
        """Calls REST with the key. Returns the JSON response, and raises OSError for a status of 300 or above."""
        connection = http.client.HTTPSConnection("localhost", timeout=10)
        connection.sock = self.connect()
        headers = {"Authorization": "Bearer " + self.key, "Content-Type": "application/json"}
        connection.request(method, "/api/v1" + path, json.dumps(body) if body else None, headers)
        response = connection.getresponse()
        text = response.read()
        connection.close()
        if response.status >= 300:
            raise OSError(f"{method} {path}: {response.status} {text[:200]}")
        return json.loads(text) if text else None

    def open_session(self, token, worker):
        """Connects a WebSocket as an agent and sends a hello, from the agent's own address and with a forged
        X-Forwarded-For header. Returns the socket, and whether the brain answered with a hello_ack."""
        opened = self.connect(AGENT)
        opened.sendall(upgrade_request(token))
        response = opened.recv(4096)
        data = json.dumps(hello(worker)).encode()
        # A masked text frame with a 16-bit length. The mask is zero, so the data is sent as it is.
        opened.sendall(bytes([0x81, 0x80 | 126]) + len(data).to_bytes(2, "big") + bytes(4) + data)
        return opened, b" 101 " in response and b"hello_ack" in opened.recv(8192)


def upgrade_request(token):
    lines = [
        "GET /ws HTTP/1.1",
        "Host: localhost",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "X-Forwarded-For: 6.6.6.6",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        f"Authorization: Bearer {token}",
    ]
    return "".join(line + "\r\n" for line in [*lines, ""]).encode()


def hello(worker):
    payload = {
        "protocol_version": "2", "agent_version": "1.0", "framework": "bare", "engines": ["celery"], "schedulers": [],
        "capabilities": {}, "host": {}, "worker_id": worker,
    }
    now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
    return {"v": 2, "type": "hello", "id": "1", "ts": now, "payload": payload}

"""Prepares the services of compose.yaml as processes, with the files that they need."""
import re
import shutil
import zipfile

from . import BRAINS, DOCKER, JAR
from .container import Container
from .network import HOSTS, PROXY, SUBNET, hosts_file
from .report import check, run


def prepare(directory):
    """Fills a directory: secrets, the proxy's certificate, the jar's redis-server, and a directory for its data."""
    (directory / "hosts").write_text(hosts_file())
    result = run(str(DOCKER / "make-secrets"), str(directory / "secrets"))
    check("make-secrets creates the secrets that compose.yaml names", result.returncode == 0, result.stderr)
    pem = (directory / "secrets/proxy.pem").read_text()
    end = "-----END CERTIFICATE-----"
    (directory / "cert.pem").write_text(pem[: pem.index(end) + len(end) + 1])
    with zipfile.ZipFile(JAR) as jar:
        server = next(name for name in jar.namelist() if re.fullmatch(r"redis-server-.*linux-amd64", name))
        (directory / "redis-server").write_bytes(jar.read(server))
    (directory / "data").mkdir()
    shutil.chown(directory / "data", 999, 1000)


class Services:
    """The services of compose.yaml as containers. Only the addresses on which brains and proxy listen differ."""

    def __init__(self, image, file, directory):
        self.image = image
        self.declared = file["services"]
        self.directory = directory
        brains = {name: self.brain(name) for name in BRAINS}
        self.containers = {"redis": self.redis(), **brains, "haproxy": self.haproxy()}

    def __getitem__(self, name):
        return self.containers[name]

    def redis(self):
        declared = self.declared["redis"]
        # Compose writes a dollar sign twice.
        command = [part.replace("$$", "$") for part in declared["command"]]
        server = (self.directory / "redis-server", "/usr/local/bin/redis-server")
        return Container("redis", self.directory, command, {}, user=declared["user"],
                         writable=(self.directory / "data", "/data"), files=[*self.files("redis"), server])

    def brain(self, name):
        addresses = {"GANGLION_HTTP_HOST": HOSTS[name], "GANGLION_HTTP_TRUSTED_PROXIES": SUBNET}
        environment = {**self.image.environment, **self.declared[name]["environment"], **addresses}
        return Container(name, self.directory, [*self.image.entry_point, *self.image.arguments], environment,
                         user=self.image.user, files=[*self.files(name), (JAR, "/opt/ganglion/ganglion.jar")])

    def haproxy(self):
        brains = {f"BRAIN_{number}": f"{HOSTS[name]}:7700" for number, name in enumerate(BRAINS, 1)}
        return Container("haproxy", self.directory, self.declared["haproxy"]["command"],
                         {"PROXY_BIND": "%s:%d" % PROXY, **brains}, files=self.files("haproxy"))

    def files(self, name):
        """Returns a service's secrets and mounted files as pairs of source and target."""
        declared = self.declared[name]
        secrets = [(self.directory / "secrets" / secret, f"/run/secrets/{secret}") for secret in declared["secrets"]]
        volumes = [volume.split(":") for volume in declared.get("volumes", [])]
        return secrets + [(DOCKER / source, target) for source, target, *_ in volumes if source.startswith(".")]

"""Checks haproxy.cfg, with HAProxy's own parser."""
import os
import tempfile

from . import BRAINS, DOCKER
from .report import check, run


def check_haproxy():
    text = (DOCKER / "haproxy.cfg").read_text()
    check("haproxy.cfg: names every brain", all(f"{name}:7700" in text for name in BRAINS))
    with tempfile.TemporaryDirectory() as directory:
        run(str(DOCKER / "make-secrets"), directory)
        # The brains' names resolve only inside the network of the containers.
        addresses = {f"BRAIN_{number}": f"10.77.0.{number}:7700" for number in range(1, len(BRAINS) + 1)}
        environment = {**os.environ, "PROXY_PEM": f"{directory}/proxy.pem", **addresses}
        result = run("haproxy", "-c", "-f", str(DOCKER / "haproxy.cfg"), env=environment)
        check("haproxy.cfg: HAProxy accepts it without a warning",
              result.returncode == 0 and "WARNING" not in result.stderr, result.stderr)

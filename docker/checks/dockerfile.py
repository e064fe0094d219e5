"""Checks the Dockerfile, and reads from it how the image starts a brain."""
import json
import re
from dataclasses import dataclass

from . import DOCKER, REPOSITORY
from .report import check


@dataclass
class Image:
    """The command, user and ports of the image, as its Dockerfile declares them."""

    environment: dict
    entry_point: list
    arguments: list
    health_check: list
    user: str
    ports: list


def instructions():
    """Returns the instructions of the Dockerfile as pairs of keyword and rest."""
    text = (DOCKER / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(keyword, rest) for keyword, _, rest in (line.partition(" ") for line in lines)]


def read_image():
    """Reads the command, user and ports of the image."""
    rest = dict(instructions())
    variables = [text.partition("=") for keyword, text in instructions() if keyword == "ENV"]
    return Image(
        environment={name: value for name, _, value in variables},
        entry_point=json.loads(rest["ENTRYPOINT"]),
        arguments=json.loads(rest["CMD"]),
        health_check=json.loads(rest["HEALTHCHECK"].partition("CMD ")[2]),
        user=rest["USER"],
        ports=[int(port) for port in rest["EXPOSE"].split()],
    )


def is_pinned(image):
    """Tells whether an image has a version that people can read, and the digest of its content."""
    return re.search(r":[\w.-]*\d+\.\d+[\w.-]*@sha256:[0-9a-f]{64}$", image) is not None


def check_dockerfile():
    ignored = (REPOSITORY / ".dockerignore").read_text().splitlines()
    for keyword, rest in instructions():
        if keyword == "COPY" and "--from" not in rest:
            source = rest.split()[0]
            check(f"Dockerfile: {source} exists and is part of the build context",
                  (REPOSITORY / source).exists() and f"!{source}" in ignored)
        if keyword == "ARG":
            image = rest.partition("=")[2]
            check(f"Dockerfile: {image} is pinned by version and digest", is_pinned(image))
    user = read_image().user.split(":")[0]
    check("Dockerfile: the user is a number and not root", user.isdigit() and int(user) > 0)
    check("Dockerfile: contains no secret",
          not re.search(r"(?i)(secret|password|admin.key)\s*=", (DOCKER / "Dockerfile").read_text()))

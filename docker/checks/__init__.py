"""The checks that docker/check runs: a module for each file or group of files in this directory."""
import pathlib
import re

DOCKER = pathlib.Path(__file__).resolve().parent.parent
REPOSITORY = DOCKER.parent
JAR = REPOSITORY / "target/ganglion.jar"
BRAINS = ["brain-1", "brain-2", "brain-3"]


def image_tag():
    """Returns the tag of the image that is built from these sources."""
    pom = (REPOSITORY / "pom.xml").read_text()
    return "ganglion:" + re.search(r"<artifactId>ganglion</artifactId>\s*<version>(.+?)</version>", pom).group(1)

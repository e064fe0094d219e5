"""The checks that docker/check runs: a module for each file or group of files in this directory."""
import pathlib

DOCKER = pathlib.Path(__file__).resolve().parent.parent
REPOSITORY = DOCKER.parent
JAR = REPOSITORY / "target/ganglion.jar"
BRAINS = ["brain-1", "brain-2", "brain-3"]

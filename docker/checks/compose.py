"""Checks compose.yaml: its own references, the brain's variables, and which ports and networks are reachable."""
import pathlib
import re
import shutil

import yaml

from . import BRAINS, DOCKER, image_tag
from .report import check, run, skip, succeeds


def read_compose():
    return yaml.safe_load((DOCKER / "compose.yaml").read_text())


def check_compose(variables):
    if shutil.which("docker-compose"):
        succeeds("compose.yaml: docker-compose accepts it",
                 run("docker-compose", "-f", str(DOCKER / "compose.yaml"), "config", "-q"))
    else:
        skip("compose.yaml: docker-compose accepts it", "docker-compose is not installed")
    file = read_compose()
    for name, service in file["services"].items():
        check_references(file, name, service)
        check_environment(name, service, variables)
        check(f"compose.yaml: {name}: the root file system is read-only", service["read_only"] is True)
    check_exposure(file)
    for name in BRAINS:
        check_brain(name, file["services"][name])


def check_references(file, name, service):
    for kind in ("networks", "secrets"):
        used = list(service.get(kind, []))
        check(f"compose.yaml: {name}: its {kind} are declared", set(used) <= set(file[kind]), used)
    check(f"compose.yaml: {name}: the services that it depends on are declared",
          set(service.get("depends_on", [])) <= set(file["services"]))
    for volume in service.get("volumes", []):
        source = volume.split(":")[0]
        exists = (DOCKER / source).is_file() if source.startswith(".") else source in file["volumes"]
        check(f"compose.yaml: {name}: {source} exists", exists)


def check_environment(name, service, variables):
    environment = service.get("environment", {})
    unknown = {key for key in environment
               if key not in variables and not (name == "grafana" and key.startswith("GF_"))}
    check(f"compose.yaml: {name}: the brain knows its variables", not unknown, unknown)
    for key, value in environment.items():
        if key.endswith("_FILE"):
            path = pathlib.Path(value)
            check(f"compose.yaml: {name}: {key} names a declared secret",
                  str(path.parent) == "/run/secrets" and path.name in service["secrets"])
        check(f"compose.yaml: {name}: {key} holds no secret",
              key.endswith("_FILE") or not re.search("SECRET|KEY|PASSWORD", key))


def check_exposure(file):
    services = file["services"]
    ports = {name: service["ports"] for name, service in services.items() if "ports" in service}
    check("compose.yaml: other machines reach only the proxy",
          set(ports) == {"haproxy", "grafana"} and all(port.startswith("127.0.0.1:") for port in ports["grafana"]))
    on_request = {name for name, service in services.items() if service.get("profiles") == ["watch"]}
    check("compose.yaml: Prometheus and Grafana start only on request", on_request == {"prometheus", "grafana"})
    check("compose.yaml: redis is only on the internal network",
          list(services["redis"]["networks"]) == ["inside"] and file["networks"]["inside"]["internal"])


def check_brain(name, service):
    check(f"compose.yaml: {name}: its image has the version of pom.xml", service["image"] == image_tag())
    build = service["build"]
    check(f"compose.yaml: {name}: builds the image", (DOCKER / build["context"] / build["dockerfile"]).is_file())
    environment, aliases = service["environment"], service["networks"]["inside"]["aliases"]
    check(f"compose.yaml: {name}: its cluster names are its network aliases",
          {environment["GANGLION_CLUSTER_HOST"], environment["GANGLION_CLUSTER_DNS"]} == set(aliases))

"""Checks the Kubernetes manifests against each other, against the image, and against the brain's variables."""
import yaml

from . import DOCKER, image_tag
from .report import check

MANIFESTS = DOCKER / "kubernetes"


class Manifests:
    """The objects of all files that kustomization.yaml lists."""

    def __init__(self, files):
        self.objects = [item for file in files for item in yaml.safe_load_all((MANIFESTS / file).read_text())]

    def spec(self, kind, name="ganglion"):
        return self.find(kind, name)["spec"]

    def find(self, kind, name="ganglion"):
        return next(o for o in self.objects if o["kind"] == kind and o["metadata"]["name"] == name)


def check_kubernetes(image, variables):
    listed = yaml.safe_load((MANIFESTS / "kustomization.yaml").read_text())["resources"]
    existing = {path.name for path in MANIFESTS.glob("*.yaml")} - {"kustomization.yaml"}
    check("kubernetes: kustomization.yaml lists every file", set(listed) == existing)
    manifests = Manifests(listed)
    template = manifests.spec("StatefulSet")["template"]
    pod = template["spec"]
    check_services(manifests, image, template["metadata"]["labels"], pod["containers"][0])
    check_configuration(manifests, pod, variables)
    check_container(image, pod)
    check_life_cycle(manifests, pod)
    check_network_policy(manifests, template["metadata"]["labels"])


def check_services(manifests, image, labels, brain):
    ports = {port["name"]: port["containerPort"] for port in brain["ports"]}
    check("kubernetes: the container has the image's ports", sorted(ports.values()) == sorted(image.ports))
    selectors = {
        "the StatefulSet": manifests.spec("StatefulSet")["selector"]["matchLabels"],
        "the service": manifests.spec("Service")["selector"],
        "the headless service": manifests.spec("Service", "ganglion-nodes")["selector"],
        "the PodDisruptionBudget": manifests.spec("PodDisruptionBudget")["selector"]["matchLabels"],
        "the NetworkPolicy": manifests.spec("NetworkPolicy")["podSelector"]["matchLabels"],
    }
    for what, selector in selectors.items():
        check(f"kubernetes: {what} selects the brains", selector.items() <= labels.items())
    for service in ("ganglion", "ganglion-nodes"):
        for port in manifests.spec("Service", service)["ports"]:
            check(f"kubernetes: {service}: port {port['name']} leads to the container's port",
                  ports.get(port["targetPort"]) == port["port"])
    headless = manifests.spec("Service", "ganglion-nodes")
    check("kubernetes: the headless service lists pods before they are ready",
          headless["clusterIP"] == "None" and headless["publishNotReadyAddresses"])
    check("kubernetes: the StatefulSet uses the headless service",
          manifests.spec("StatefulSet")["serviceName"] == "ganglion-nodes")


def check_configuration(manifests, pod, variables):
    brain = pod["containers"][0]
    data = manifests.find("ConfigMap")["data"]
    check("kubernetes: cluster.dns is the headless service", data["GANGLION_CLUSTER_DNS"] == "ganglion-nodes")
    names = set(data) | {entry["name"] for entry in brain["env"]}
    check("kubernetes: the brain knows all variables", names <= variables, names - variables)
    mounts = {mount["mountPath"]: mount["name"] for mount in brain["volumeMounts"]}
    volume = mounts["/run/secrets/ganglion"]
    secret = next(each["secret"] for each in pod["volumes"] if each["name"] == volume)
    files = {f"/run/secrets/ganglion/{item['path']}" for item in secret["items"]}
    check("kubernetes: the file of each secret is mounted",
          {entry["value"] for entry in brain["env"] if entry["name"].endswith("_FILE")} == files)


def check_container(image, pod):
    brain = pod["containers"][0]
    check("kubernetes: the image has the version of pom.xml", brain["image"] == image_tag())
    mounts = {mount["mountPath"] for mount in brain["volumeMounts"]}
    check("kubernetes: only /tmp is writable",
          "/tmp" in mounts and brain["securityContext"]["readOnlyRootFilesystem"])
    check("kubernetes: the pod runs as the image's user",
          str(pod["securityContext"]["runAsUser"]) == image.user.split(":")[0])


def check_life_cycle(manifests, pod):
    brain = pod["containers"][0]
    pause = int(brain["lifecycle"]["preStop"]["exec"]["command"][1])
    drain = int(manifests.find("ConfigMap")["data"]["GANGLION_DRAIN_WINDOW"].rstrip("s"))
    check("kubernetes: the grace period covers preStop, the drain and 20 s more",
          pod["terminationGracePeriodSeconds"] >= pause + drain + 20)
    for probe, path in (("startupProbe", "/healthz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz")):
        check(f"kubernetes: {probe} requests {path}", brain[probe]["httpGet"] == {"path": path, "port": "http"})


def check_network_policy(manifests, labels):
    rules = manifests.spec("NetworkPolicy")["ingress"]
    public = {port["port"] for rule in rules if "from" not in rule for port in rule["ports"]}
    internal = {port["port"] for rule in rules if "from" in rule for port in rule["ports"]}
    peers = [peer["podSelector"]["matchLabels"] for rule in rules for peer in rule.get("from", [])]
    check("kubernetes: only brains reach the ports of the cluster",
          public == {"http"} and internal == {"hazelcast", "bus"} and peers == [labels])

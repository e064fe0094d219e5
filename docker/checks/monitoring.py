"""Checks watching/: the Prometheus configuration, the alert rules and the dashboard. Uses promtool if it is present."""
import json
import pathlib
import re
import shutil
import tempfile

import yaml

from . import DOCKER, REPOSITORY
from .compose import read_compose
from .report import check, run, skip, succeeds

WATCHING = DOCKER / "watching"


def check_monitoring():
    check_scraping()
    expressions = dashboard_expressions() + rule_expressions()
    check_metric_names(expressions)
    if shutil.which("promtool"):
        check_with_promtool(expressions)
    else:
        skip("watching: promtool accepts the rules", "promtool is not installed (package prometheus)")


def check_scraping():
    scrape = yaml.safe_load((WATCHING / "prometheus.yaml").read_text())["scrape_configs"][0]
    brain = read_compose()["services"]["brain-1"]["environment"]
    check("prometheus.yaml: finds every brain and presents the brains' metrics token",
          scrape["dns_sd_configs"][0]["names"] == [brain["GANGLION_CLUSTER_DNS"]]
          and scrape["authorization"]["credentials_file"] == brain["GANGLION_METRICS_TOKEN_FILE"])


def dashboard_expressions():
    dashboard = json.loads((WATCHING / "ganglion.json").read_text())
    return [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]


def rule_expressions():
    groups = yaml.safe_load((WATCHING / "rules.yaml").read_text())["groups"]
    return [rule["expr"] for group in groups for rule in group["rules"]]


def check_metric_names(expressions):
    known = metrics()
    used = {name for expression in expressions for name in re.findall(r"\b(?:z4j|ganglion)_[a-z0-9_]+", expression)}
    for name in sorted(used):
        # Prometheus appends the kind of series and the unit to the name that the source gives.
        base = re.sub(r"_(total|bucket|sum|count|max)$", "", name)
        check(f"watching: the brain has the metric {name}", base in known or re.sub(r"_seconds$", "", base) in known)


def metrics():
    """Returns the names of the metrics in the sources, in Prometheus's spelling."""
    sources = "".join(file.read_text() for file in (REPOSITORY / "src/main/java/dev/ganglion").rglob("*.java"))
    return {name.replace(".", "_") for name in re.findall(r'"((?:z4j|ganglion)\.[a-z0-9.]+)"', sources)}


def check_with_promtool(expressions):
    for command in (["check", "rules", "rules.yaml"], ["test", "rules", "rules-test.yaml"]):
        succeeds(f"watching: promtool {' '.join(command)}", run("promtool", *command, cwd=WATCHING))
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        (directory / "token").write_text("token")
        configuration = (WATCHING / "prometheus.yaml").read_text()
        configuration = configuration.replace("/etc/ganglion/", f"{WATCHING}/")
        configuration = configuration.replace("/run/secrets/metrics-token", f"{directory}/token")
        (directory / "prometheus.yaml").write_text(configuration)
        succeeds("watching: promtool check config prometheus.yaml",
                 run("promtool", "check", "config", f"{directory}/prometheus.yaml"))
        (directory / "expressions.yaml").write_text(yaml.safe_dump(as_rules(expressions)))
        succeeds("watching: promtool parses the expressions of dashboard and rules",
                 run("promtool", "check", "rules", "--lint=none", f"{directory}/expressions.yaml"))


def as_rules(expressions):
    """Wraps expressions into recording rules, the only form in which promtool parses them."""
    plain = [e.replace("$__rate_interval", "5m").replace("$project", ".*") for e in expressions]
    rules = [{"record": f"check:expression{number}", "expr": expression} for number, expression in enumerate(plain)]
    return {"groups": [{"name": "expressions", "rules": rules}]}

"""Reads the environment variables that a brain knows."""
import re

from . import JAR
from .report import check, run


def known_variables():
    """Returns the variables of all configuration keys, and for secrets also those that name a file."""
    reference = run("java", "-jar", str(JAR), "config", "reference", "--format=markdown").stdout
    names = set(re.findall(r"`(GANGLION_[A-Z_]+)`", reference))
    check("the brain lists its environment variables", len(names) > 20)
    return names | {name + "_FILE" for name in names if re.search("SECRET|KEY|PASSWORD|TOKEN", name)}

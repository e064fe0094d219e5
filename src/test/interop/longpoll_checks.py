"""Checks released agents with `transport="longpoll"`, with one node or through a proxy with several nodes."""
import collections
import secrets
import time

from brain import Rest
from command_checks import check_calls, issue_all
from released_agent import ReleasedAgent

EVENTS = 300
LIMIT_SECONDS = 60


def check_long_poll(version, venv, brain, checks, url=None, ca=None):
    name = f"{version} by long poll" + (" through a proxy" if url else "")
    rest = Rest(brain.port, brain.key)
    slug = "poll-" + secrets.token_hex(4)
    rest("POST", "/projects", {"slug": slug, "name": name})
    credentials = rest("POST", f"/projects/{slug}/agents", {"name": name})
    agent_path = f"/projects/{slug}/agents/{credentials['agent']['id']}"
    options = ["--transport", "longpoll", *([] if url else ["--dev-mode"])]
    agent = ReleasedAgent(venv, brain, credentials, EVENTS, *options, url=url, ca=ca)
    try:
        checks.check(f"{name}: begins a session", agent.phase("started", 45)["online"])
        drained = agent.phase("drained", LIMIT_SECONDS + 30)
        checks.check(f"{name}: {EVENTS} events leave its buffer in under {LIMIT_SECONDS} s ({drained['seconds']} s)",
                     drained["drained"] and drained["seconds"] < LIMIT_SECONDS, str(drained)[:200])
        check_stored(name, rest, slug, drained["ids"], checks)
        check_online(name, rest, agent_path, checks)
        begin = time.monotonic()
        issue_all(name, rest, slug, credentials["agent"]["id"], checks)
        took = time.monotonic() - begin
        checks.check(f"{name}: the brain delivers commands without waiting for the end of a poll ({took:.1f} s)", took < 20)
        summary = agent.finish()
        check_calls(name, summary["commands"], checks)
        checks.check(f"{name}: one session, no fault, empty buffer",
                     summary["connects"] == 1 and not summary["faults"] and summary["buffer"] == 0, str(summary)[:600])
    finally:
        agent.dispose()


def check_stored(name, rest, slug, sent, checks):
    listed = collections.Counter(event["id"] for event in rest.all_items(f"/projects/{slug}/events"))
    checks.check(f"{name}: every event is stored exactly once",
                 set(listed) == set(sent) and len(sent) == EVENTS and max(listed.values()) == 1,
                 f"{len(listed)} listed of {len(sent)}")


def check_online(name, rest, agent_path, checks):
    shown = rest("GET", agent_path)
    transports = [worker["transport"] for worker in rest("GET", agent_path + "/workers")["items"]]
    checks.check(f"{name}: is online and holds no slot",
                 (shown["state"], shown["connections"], transports) == ("online", 0, ["long_poll"]), f"{shown} {transports}")

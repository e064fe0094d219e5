"""Runs one unmodified agent with the fake engine. Reports to standard output, one JSON object per line.

    python agent_run.py --events 300 [--deadline 60] [--transport longpoll] [--dev-mode]

The agent's own Z4J_* variables configure it. The script reports `started` and `drained` when they happen. Then the agent
stays connected until it reads a line or the end of standard input. Then it stops, and the script reports `summary`.
"""
import argparse
import json
import logging
import sys
import time

from fake_engine import FakeEngine
from z4j_bare.install import install_agent

SETTLE_SECONDS = 10


class Watch(logging.Handler):
    """Collects the connects, closes and faults that the agent logs."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.closes, self.faults, self.connects = [], [], 0

    def emit(self, record):
        text = record.getMessage()
        if "websocket closed" in text:
            self.closes.append(text)
        elif text.startswith(("z4j agent connected: session=", "z4j agent long-poll connected:")):
            self.connects += 1
        elif record.levelno >= logging.WARNING and "version mismatch" not in text:
            self.faults.append(text[:300])


def report(phase, **facts):
    print(json.dumps({"phase": phase, **facts}), flush=True)


def wait_until(condition, deadline):
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--events", type=int, default=300)
    options.add_argument("--deadline", type=float, default=60)
    options.add_argument("--transport", choices=["ws", "longpoll"])
    options.add_argument("--dev-mode", action="store_true", help="allow long polling over plain HTTP")
    options = options.parse_args()

    watch = Watch()
    logger = logging.getLogger("z4j")
    logger.setLevel(logging.INFO)
    logger.addHandler(watch)
    engine = FakeEngine()
    runtime = install_agent(engines=[engine], transport=options.transport, dev_mode=options.dev_mode or None)

    started = time.monotonic()
    deadline = started + options.deadline
    online = wait_until(lambda: runtime.supervisor_state()["session_id"], deadline)
    report("started", online=online, session=runtime.supervisor_state()["session_id"])
    ids = [engine.emit(number) for number in range(options.events)]
    drained = wait_until(
        lambda: engine.recorded == options.events and runtime.buffer_size() == 0, deadline)
    report("drained", drained=drained, seconds=round(time.monotonic() - started, 2),
           buffer=runtime.buffer_size(), ids=ids)

    sys.stdin.readline()
    # A command is final in the brain before the agent has received the confirmation of its result.
    wait_until(lambda: runtime.buffer_size() == 0, time.monotonic() + SETTLE_SECONDS)
    state = runtime.supervisor_state()
    buffer = runtime.buffer_size()
    runtime.stop(timeout=5)
    report("summary", emitted=len(ids), buffer=buffer, connected=bool(state["session_id"]) and not watch.faults,
           connects=watch.connects, closes=watch.closes, faults=watch.faults, commands=engine.commands)


if __name__ == "__main__":
    main()

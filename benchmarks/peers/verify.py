"""Prints the CPU microseconds per frame of z4j-core's verifier: the 10th percentile of short batches.

The frames come from standard input.
"""
import base64
import datetime
import json
import sys
import time

from z4j_core.transport.framing import FrameVerifier

BATCH_SECONDS = 0.01
SECONDS = 6
SIGNED_AT = datetime.datetime(2026, 11, 22, 15, 51, 23, tzinfo=datetime.timezone.utc)


class SigningTime(datetime.datetime):
    """A clock that always shows the time at which the frames were signed."""

    @classmethod
    def now(cls, tz=None):
        return SIGNED_AT


def stop_clocks():
    """Sets all clocks of z4j-core to the signing time, because the verifier rejects frames that are too old."""
    for name, module in list(sys.modules.items()):
        if name.startswith("z4j_core") and getattr(module, "datetime", None) is datetime.datetime:
            module.datetime = SigningTime
    time.time = SIGNED_AT.timestamp


def micros(frames, make):
    samples, runs, end = [], 1, time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        begin = time.thread_time()
        for i in range(runs):
            make().parse_and_verify(frames[i % len(frames)])  # a new session each, because the frames share a sequence number
        took = time.thread_time() - begin
        samples.append(took / runs)
        runs = max(1, min(5000, int(runs * BATCH_SECONDS / max(took, 1e-6))))
    return sorted(samples[1:])[len(samples) // 10] * 1e6


def main():
    given = json.load(sys.stdin)
    secret = base64.urlsafe_b64decode(given["secret"])
    stop_clocks()

    def make():
        return FrameVerifier(
            secret=secret, agent_id=given["agent_id"], project_id=given["project_id"], session_id=given["session_id"])

    print(json.dumps({
        name: micros([frame.encode() for frame in frames], make)
        for name, frames in given.items() if name.startswith("events_")
    }))


main()

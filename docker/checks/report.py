"""Runs commands, and reports the results of the checks."""
import contextlib
import http.client
import subprocess
import time

failures = []


def check(what, holds, why=""):
    """Prints whether a statement holds, remembers a failure, and returns whether the statement holds."""
    print(f"{'ok  ' if holds else 'FAIL'}  {what}" + (f": {why}" if why and not holds else ""), flush=True)
    if not holds:
        failures.append(what)
    return holds


def skip(what, why):
    """Prints that a check was skipped, so that no check is left out silently."""
    print(f"skip  {what}: {why}", flush=True)


def until(what, condition, limit=60):
    """Waits until a condition holds, at most for a number of seconds. Failed connections count as "not yet"."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if condition():
                return check(what, True)
        time.sleep(0.1)
    return check(what, False, f"not within {limit} s")


def run(*command, **options):
    """Runs a command to its end and returns its status and output."""
    return subprocess.run(command, capture_output=True, text=True, **options)


def succeeds(what, result):
    """Checks that a command ended with status 0. The end of its output explains a failure."""
    return check(what, result.returncode == 0, (result.stdout + result.stderr).strip()[-300:])

"""Inspects Celery from outside. Reads one JSON request per line and writes one JSON response per line."""
import json
import os
import sys

os.environ["Z4J_DISABLED"] = "1"
from celery_app import app  # noqa: E402  imported after the switch above, which prevents this process from starting an agent

INSPECT_SECONDS = 5


def send(name, args, queue=None):
    return app.send_task(name, args, queue=queue).id


def result(task_id):
    found = app.AsyncResult(task_id)
    return {"state": found.state, "value": found.result if found.state == "SUCCESS" else str(found.result)}


def look(worker, what):
    """Runs one of Celery's inspections of a worker: ping, stats, active, active_queues or registered."""
    arguments = ["rate_limit"] if what == "registered" else []
    inspect = app.control.inspect(destination=[worker], timeout=INSPECT_SECONDS)
    return (getattr(inspect, what)(*arguments) or {}).get(worker)


def depth(queue):
    with app.connection_for_read() as connection:
        return connection.default_channel.client.llen(queue)


def main():
    calls = {"send": send, "result": result, "look": look, "depth": depth}
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(calls[request["call"]](*request["args"]), default=str), flush=True)


if __name__ == "__main__":
    main()

"""The Celery application that the checks' worker runs, with the agent that z4j-celery brings along."""
import os
import time

import z4j_celery  # noqa: F401  an import is what starts the agent in a worker
from celery import Celery

BROKER = os.environ["INTEROP_BROKER"]
app = Celery("interop", broker=BROKER, backend=BROKER)
# Stored arguments are what a retry goes by; restarts of the pool are off unless asked for.
app.conf.update(result_extended=True, task_track_started=True, task_send_sent_event=True,
                worker_send_task_events=True, worker_pool_restarts=True, worker_prefetch_multiplier=1)


@app.task(name="interop.add")
def add(left, right):
    return left + right


@app.task(name="interop.nap")
def nap(seconds):
    time.sleep(seconds)

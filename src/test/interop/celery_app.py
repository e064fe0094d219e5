"""The Celery application of the checks' worker, with the agent of z4j-celery."""
import os
import time

import z4j_celery  # noqa: F401  the import starts the agent in a worker
from celery import Celery

BROKER = os.environ["INTEROP_BROKER"]
app = Celery("interop", broker=BROKER, backend=BROKER)
# A retry uses the stored arguments. Restarts of the pool are disabled by default.
app.conf.update(result_extended=True, task_track_started=True, task_send_sent_event=True,
                worker_send_task_events=True, worker_pool_restarts=True, worker_prefetch_multiplier=1)


@app.task(name="interop.add")
def add(left, right):
    return left + right


@app.task(name="interop.nap")
def nap(seconds):
    time.sleep(seconds)

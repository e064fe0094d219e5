"""Issues commands over REST and checks their effects in a real Celery worker."""
import secrets
import time

from brain import Rest
from celery_worker import WORKER, Broker, CeleryWorker

START_SECONDS = 60
EFFECT_SECONDS = 20


def check_celery(venv, brain, redis, checks):
    rest = Rest(brain.port, brain.key)
    slug = "celery-" + secrets.token_hex(4)
    rest("POST", "/projects", {"slug": slug, "name": "Celery"})
    credentials = rest("POST", f"/projects/{slug}/agents", {"name": "celery"})
    broker = Broker(redis)
    worker = None
    try:
        worker = CeleryWorker(venv, brain, credentials, broker)
        case = Case(rest, slug, credentials["agent"]["id"], worker, checks)
        if case.is_up():
            for check in (case.retry, case.retry_with_other_arguments, case.bulk_retry, case.cancel, case.rate_limit,
                          case.pool, case.consumers_and_purge, case.restart):
                check()
    finally:
        if worker:
            worker.stop()
        broker.stop()


def eventually(read, wanted, seconds=EFFECT_SECONDS):
    """Polls until `wanted(value)`; returns the last value either way."""
    deadline = time.monotonic() + seconds
    while True:
        value = read()
        if wanted(value) or time.monotonic() > deadline:
            return value
        time.sleep(0.2)


class Case:
    """One worker with its agent, seen from both sides: `do` uses REST, `worker.probe` uses Celery."""

    def __init__(self, rest, slug, agent_id, worker, checks):
        self.rest, self.slug, self.agent_id, self.worker, self.checks = rest, slug, agent_id, worker, checks

    def check(self, name, ok, detail=""):
        self.checks.check(f"celery: {name}", ok, str(detail)[:500])

    def do(self, verb, **body):
        command = self.rest("POST", f"/projects/{self.slug}/commands/{verb}", {"agent_id": self.agent_id, **body})
        return self.rest("GET", f"/projects/{self.slug}/commands/{command['id']}?wait=20")

    def send(self, name, *args, queue=None):
        return self.worker.probe("send", name, args, queue)

    def state(self, task_id, wanted, seconds=EFFECT_SECONDS):
        return eventually(lambda: self.worker.probe("result", task_id), lambda now: now["state"] == wanted, seconds)

    def look(self, what, wanted):
        return eventually(lambda: self.worker.probe("look", WORKER, what), lambda now: now is not None and wanted(now))

    def is_up(self):
        path = f"/projects/{self.slug}/agents/{self.agent_id}"
        shown = eventually(lambda: self.rest("GET", path), lambda now: now["state"] == "online", START_SECONDS)
        up = shown["state"] == "online" and shown["engine_adapters"] == ["celery"]
        self.check("the worker's agent comes online", up, f"{shown} {self.worker.log_tail()}")
        return up

    def added(self, left, right):
        """Runs a task and waits until the brain has stored its events."""
        task = self.send("interop.add", left, right)
        self.state(task, "SUCCESS")
        path = f"/projects/{self.slug}/events?engine=celery&task_id={task}"
        kinds = eventually(lambda: {event["kind"] for event in self.rest.all_items(path)},
                           lambda now: "task.succeeded" in now)
        return task, kinds

    def retry(self):
        task, kinds = self.added(2, 3)
        self.check("a task's events are stored", {"task.received", "task.started", "task.succeeded"} <= kinds, kinds)
        command = self.do("retry-task", engine="celery", task_id=task)
        again = (command["result"] or {}).get("new_task_id", "none")
        result = self.state(again, "SUCCESS")
        self.check("retry-task runs the task again with its own arguments",
                   command["status"] == "completed" and again != task and result["value"] == 5, f"{command} {result}")

    def retry_with_other_arguments(self):
        task, _ = self.added(2, 3)
        command = self.do("retry-task", engine="celery", task_id=task, override_args=[20, 30], override_kwargs={})
        result = self.state((command["result"] or {}).get("new_task_id", "none"), "SUCCESS")
        self.check("retry-task runs it with other arguments", result["value"] == 50, f"{command} {result}")

    def bulk_retry(self):
        tasks = [self.added(number, 1)[0] for number in (1, 2)]
        command = self.do("bulk-retry", filter={"task_ids": tasks}, max=10)
        again = (command["result"] or {}).get("new_task_ids", {})
        values = sorted(str(self.state(task, "SUCCESS")["value"]) for task in again.values())
        self.check("bulk-retry runs each of its tasks again", values == ["2", "3"], f"{command} {values}")

    def cancel(self):
        task = self.send("interop.nap", 120)
        started = self.state(task, "STARTED")
        command = self.do("cancel-task", engine="celery", task_id=task)
        after = self.state(task, "REVOKED")
        active = self.look("active", lambda now: not now)
        self.check("cancel-task ends a running task", started["state"] == "STARTED"
                   and command["status"] == "completed" and after["state"] == "REVOKED" and active == [],
                   f"{started} {command} {after} {active}")

    def rate_limit(self):
        for rate, shown in (("30/m", "interop.add [rate_limit=30/m]"), ("0", "interop.add")):
            command = self.do("rate-limit", task_name="interop.add", rate=rate)
            tasks = self.look("registered", lambda now, wanted=shown: any(task.startswith(wanted) for task in now)
                              and (rate != "0" or not any("30/m" in task for task in now)))
            self.check(f"rate-limit {rate} takes effect in the worker", command["status"] == "completed"
                       and any(task.startswith(shown) for task in tasks or []), f"{command} {tasks}")

    def pool(self):
        def size(stats):
            return len(stats["pool"]["processes"])

        for delta, wanted in ((2, 4), (-1, 3)):
            command = self.do("pool-resize", worker_name=WORKER, delta=delta)
            stats = self.look("stats", lambda now, wanted=wanted: size(now) == wanted)
            self.check(f"pool-resize by {delta} leaves {wanted} processes", command["status"] == "completed"
                       and size(stats) == wanted, f"{command} {stats['pool']}")

    def consumers_and_purge(self):
        def names(queues):
            return [queue["name"] for queue in queues]

        command = self.do("add-consumer", worker_name=WORKER, queue="extra")
        queues = self.look("active_queues", lambda now: "extra" in names(now))
        task = self.send("interop.add", 4, 4, queue="extra")
        result = self.state(task, "SUCCESS")
        self.check("add-consumer: tasks of the queue run", command["status"] == "completed"
                   and "extra" in names(queues) and result["value"] == 8, f"{command} {queues} {result}")
        command = self.do("cancel-consumer", worker_name=WORKER, queue="extra")
        queues = self.look("active_queues", lambda now: "extra" not in names(now))
        for number in range(3):
            self.send("interop.add", number, 0, queue="extra")
        # A read in progress may take one more task out of the queue; the worker then puts the task back.
        depth = eventually(lambda: self.worker.probe("depth", "extra"), lambda now: now == 3)
        self.check("cancel-consumer: tasks of the queue wait", command["status"] == "completed"
                   and "extra" not in names(queues) and depth == 3, f"{command} {queues} {depth}")
        # z4j-celery 1.13 asks kombu's connection for queue depths, which has none. Its heartbeats therefore report no depths.
        refused = self.do("purge-queue", queue="extra")
        self.check("the agent rejects purge-queue for a queue of unknown depth, and no task is lost",
                   refused["status"] == "failed" and "confirm_token" in refused["error"]["message"]
                   and self.worker.probe("depth", "extra") == 3, refused)
        command = self.do("purge-queue", queue="extra", force=True)
        self.check("purge-queue with force empties the queue", command["status"] == "completed"
                   and command["result"]["purged"] == 3 and self.worker.probe("depth", "extra") == 0, command)

    def restart(self):
        before = self.look("stats", lambda now: True)["pool"]["processes"]
        command = self.do("restart-worker", worker_name=WORKER)

        def processes():
            # A process of the pool ends at its next task, so each process gets some tasks.
            for task in [self.send("interop.add", number, 0) for number in range(2 * len(before))]:
                self.state(task, "SUCCESS")
            return self.worker.probe("look", WORKER, "stats")["pool"]["processes"]

        after = eventually(processes, lambda now: not set(now) & set(before))
        self.check("restart-worker gives the pool new processes", command["status"] == "completed"
                   and not set(after) & set(before), f"{command['status']} {before} {after}")

"""Checks that commands reach the right one of an agent's processes: by engine, and by the worker that they name."""
import secrets

from brain import Rest
from celery_checks import eventually
from celery_worker import Broker
from queue_workers import QueueWorkers

START_SECONDS = 60
RETRIES = 6


def check_queues(venv, brain, redis, checks):
    rest = Rest(brain.port, brain.key)
    broker = Broker(redis)
    cases = []
    try:
        for check in (check_engines, check_named_workers, check_gunicorn):
            cases.append((check, Case(rest, venv, brain, broker, checks)))
        for check, case in cases:  # the processes of all cases start at once
            check(case, start=True)
        for check, case in cases:
            check(case)
    finally:
        for _, case in cases:
            case.workers.stop()
        broker.stop()


class Case:
    """One agent in a project of its own, with its worker processes."""

    def __init__(self, rest, venv, brain, broker, checks):
        self.rest, self.checks = rest, checks
        self.slug = "queues-" + secrets.token_hex(4)
        rest("POST", "/projects", {"slug": self.slug, "name": "Queues"})
        credentials = rest("POST", f"/projects/{self.slug}/agents", {"name": "queues"})
        self.agent = credentials["agent"]["id"]
        self.path = f"/projects/{self.slug}/agents/{self.agent}"
        self.workers = QueueWorkers(venv, brain, credentials, broker)

    def check(self, name, ok, detail=""):
        self.checks.check(f"queues: {name}", ok, f"{detail} {'' if ok else self.workers.log_tail()}"[:2500])

    def sessions(self):
        return self.rest("GET", self.path + "/workers")["items"]

    def online(self, count):
        sessions = eventually(self.sessions, lambda now: len(now) == count, START_SECONDS)
        self.check(f"{count} processes with one token are online", len(sessions) == count, sessions)

    def issue(self, verb, **body):
        return self.rest("POST", f"/projects/{self.slug}/commands/{verb}", {"agent_id": self.agent, **body})["id"]

    def ended(self, command, wait=20):
        return self.rest("GET", f"/projects/{self.slug}/commands/{command}?wait={wait}")

    def failed_jobs(self, queue, count):
        """Runs jobs that fail, and waits until the brain knows that they did."""
        jobs = self.workers.enqueue(queue, count)
        for job in jobs:
            path = f"/projects/{self.slug}/events?engine=rq&task_id={job}"
            kinds = eventually(lambda at=path: {event["kind"] for event in self.rest.all_items(at)},
                               lambda now: "task.failed" in now)
            if "task.failed" not in kinds:
                raise AssertionError(f"job {job} did not fail: {kinds} " + self.workers.log_tail())
        return jobs

    def retry_all(self, queue, name):
        commands = [self.issue("retry-task", engine="rq", task_id=job) for job in self.failed_jobs(queue, RETRIES)]
        ended = [self.ended(command) for command in commands]
        done = [command for command in ended if command["status"] == "completed"]
        self.check(f"{len(done)} of {RETRIES} rq retries reach rq {name}", len(done) == RETRIES, ended)


def check_engines(case, start=False):
    if start:
        case.workers.arq("arq")
        return case.workers.rq("only-rq")
    case.online(2)
    shown = case.rest("GET", case.path)["engine_adapters"]
    own = sorted(str(session["engine_adapters"]) for session in case.sessions())
    case.check("the agent has the engines of both processes, each session its own",
               shown == ["arq", "rq"] and own == ["['arq']", "['rq']"], f"{shown} {own}")
    case.retry_all("only-rq", "beside an arq process")


def check_named_workers(case, start=False):
    names = ["a", "b", "c"]
    if start:
        return [case.workers.rq(name) for name in names]
    case.online(3)
    for name in names:
        case.failed_jobs(name, 1)
    try:
        case.issue("restart-worker", engine="rq", worker_name="d")
        refused = "accepted"
    except AssertionError as answer:
        refused = str(answer)
    case.check("a worker that does not exist is refused with those that do", "422" in refused and "a, b, " in refused, refused)
    for name in ("c", "a", "b"):
        before = case.workers.alive()
        command = case.ended(case.issue("restart-worker", engine="rq", worker_name=name))
        after = eventually(case.workers.alive, lambda now, was=before: now != was)
        case.check(f"restart-worker {name} ends {name} and no other",
                   command["status"] == "completed" and after == before - {name}, f"{before} -> {after} {command}")
        case.workers.rq(name)


def check_gunicorn(case, start=False):
    if start:
        case.workers.gunicorn("web", 3)
        return case.workers.rq("beside-flask")
    case.online(4)
    shown = case.rest("GET", case.path)
    case.check("the agent has both frameworks", shown["framework_adapters"] == ["bare", "flask"], shown["framework_adapters"])
    case.retry_all("beside-flask", "beside three Flask processes")
    [job] = case.failed_jobs("beside-flask", 1)
    case.workers.stop_one("beside-flask")
    eventually(case.sessions, lambda now: len(now) == 3)
    waiting = case.issue("retry-task", engine="rq", task_id=job)
    early = case.ended(waiting, wait=2)
    case.workers.rq("beside-flask")
    late = case.ended(waiting, wait=30)
    case.check("a command for rq waits until rq is back", early["status"] == "pending" and late["status"] == "completed",
               f"{early} {late}")

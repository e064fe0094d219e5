"""Checks every command that an operator may issue with a released agent."""

WORKER = {"worker_name": "fake@host"}
# verb, body without agent_id, method of the engine, expected arguments
COMMANDS = [
    ("retry-task", {"engine": "fake", "task_id": "t-1", "override_args": [1], "override_kwargs": {"a": 2}},
     "retry_task", ["t-1"]),
    ("cancel-task", {"engine": "fake", "task_id": "t-2"}, "cancel_task", ["t-2"]),
    ("bulk-retry", {"filter": {"state": "failure"}, "max": 5}, "bulk_retry", None),
    ("purge-queue", {"queue": "default", "force": True}, "purge_queue", ["default"]),
    ("restart-worker", WORKER, "restart_worker", ["fake@host"]),
    ("pool-resize", {**WORKER, "delta": 3}, "pool_grow", ["fake@host", 3]),
    ("pool-resize", {**WORKER, "delta": -2}, "pool_shrink", ["fake@host", 2]),
    ("add-consumer", {**WORKER, "queue": "extra"}, "add_consumer", ["fake@host", "extra"]),
    ("cancel-consumer", {**WORKER, "queue": "extra"}, "cancel_consumer", ["fake@host", "extra"]),
    ("rate-limit", {"task_name": "shop.tasks.send", "rate": "10/s"}, "rate_limit", ["shop.tasks.send", "10/s"]),
]


def issue_all(version, rest, slug, agent_id, checks):
    """Issues each command and waits for its outcome."""
    for verb, body, _, _ in COMMANDS:
        command = rest("POST", f"/projects/{slug}/commands/{verb}", {"agent_id": agent_id, **body})
        command = rest("GET", f"/projects/{slug}/commands/{command['id']}?wait=15")
        checks.check(f"{version}: {verb} is completed", command["status"] == "completed", str(command)[:400])


def check_calls(version, calls, checks):
    """Checks that the engine was called once per command, in the order of issue."""
    actions = [call["action"] for call in calls]
    checks.check(f"{version}: each command reached the engine once, in order",
                 actions == [action for _, _, action, _ in COMMANDS], str(actions))
    wrong = [call for call, (_, _, _, args) in zip(calls, COMMANDS) if args is not None and call["args"] != args]
    checks.check(f"{version}: each command carried its arguments", not wrong, str(wrong)[:400])
    # Without a worker name, agents would take the target's id for one. A rate limit for all workers must name none.
    limits = [call["named"].get("worker_name") for call in calls if call["action"] == "rate_limit"]
    checks.check(f"{version}: a rate limit without a worker name applies to every worker", limits == [None], str(limits))

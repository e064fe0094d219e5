"""A queue engine without a queue. It emits invented task events and reports success for every command."""
import asyncio
import random
import uuid
from datetime import datetime, timezone

from z4j_core.models import CommandResult, Event
from z4j_core.models.event import EventKind

ACTIONS = {
    "submit_task", "retry_task", "cancel_task", "bulk_retry", "purge_queue", "restart_worker",
    "pool_grow", "pool_shrink", "add_consumer", "cancel_consumer", "rate_limit",
}
KINDS = [EventKind.TASK_RECEIVED, EventKind.TASK_STARTED, EventKind.TASK_SUCCEEDED, EventKind.TASK_FAILED]
NOBODY = uuid.UUID(int=0)


class FakeEngine:
    """The adapter that the agent's runtime uses. `emit` may be called from any thread."""

    name = "fake"
    protocol_version = "2"
    # Adapters since 1.8 declare this; older runtimes ignore it.
    safe_retry_by_reference = True

    def __init__(self, seed=7):
        self.random = random.Random(seed)
        self.loop = None
        self.queue = None
        self.recorded = 0
        self.commands = []

    def capabilities(self):
        return set(ACTIONS)

    def connect_signals(self, loop=None):
        self.loop, self.queue = loop, asyncio.Queue()

    def disconnect_signals(self):
        self.loop = None

    def emit(self, number):
        """Emits one event and returns its id as text."""
        kind = KINDS[number % len(KINDS)]
        event = Event(
            id=uuid.uuid4(), project_id=NOBODY, agent_id=NOBODY, engine=self.name,
            task_id=str(uuid.UUID(int=self.random.getrandbits(128))), kind=kind,
            occurred_at=datetime.now(timezone.utc), data=self.details(number, kind))
        self.loop.call_soon_threadsafe(self.queue.put_nowait, event)
        return str(event.id)

    def details(self, number, kind):
        data = {"task_name": "shop.tasks.größe_prüfen", "queue": "default", "worker": "fake@host",
                "args": "[1, 2]", "kwargs": "{}", "number": number, "emoji": "\U0001F600", "retries": 0}
        if kind is EventKind.TASK_SUCCEEDED:
            data.update(runtime=self.random.random() * 10 ** self.random.randint(-6, 3), result="None")
        if kind is EventKind.TASK_FAILED:
            data.update(exception="ValueError('no')", traceback='Traceback:\n  "x"\t\\')
        return data

    async def subscribe_events(self):
        while True:
            yield await self.queue.get()
            self.recorded += 1

    def get_health(self):
        return {"connected": "true", "queue_depths": {"default": 3}}

    async def discover_tasks(self, hints=None):
        return []

    async def list_queues(self):
        return []

    async def list_workers(self):
        return []

    async def get_task(self, task_id):
        return None

    def __getattr__(self, action):
        """Returns a method for any action, which records its arguments and reports success."""
        if action not in ACTIONS:
            raise AttributeError(action)

        async def answer(*args, **named):
            self.commands.append({"action": action, "args": list(args), "named": named})
            return CommandResult(status="success", result={"action": action, "calls": len(self.commands)})

        return answer

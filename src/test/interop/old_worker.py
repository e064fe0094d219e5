"""A worker of RQ or Dramatiq with an agent of the 1.6 line, and its jobs.

    python old_worker.py rq|dramatiq            works until SIGTERM
    python old_worker.py rq|dramatiq enqueue 65 puts jobs into the queue

INTEROP_BROKER is the URL of the Redis server of the queue. Z4J_* variables configure the agent.
"""
import os
import signal
import sys
import threading

BROKER = os.environ["INTEROP_BROKER"]


def job(number):
    return 2 * number


def rq_work():
    import redis
    import rq
    from z4j_rq import register_worker_bootstrap
    register_worker_bootstrap()
    connection = redis.Redis.from_url(BROKER)
    rq.Worker([rq.Queue(connection=connection)], connection=connection).work(logging_level="WARNING")


def rq_enqueue(jobs):
    import old_worker
    import redis
    import rq
    queue = rq.Queue(connection=redis.Redis.from_url(BROKER))
    for number in range(jobs):
        queue.enqueue(old_worker.job, number)


def dramatiq_broker():
    import dramatiq
    from dramatiq.brokers.redis import RedisBroker
    broker = RedisBroker(url=BROKER)
    dramatiq.set_broker(broker)
    return broker, dramatiq.actor(actor_name="job")(lambda number: None)


def dramatiq_work():
    import dramatiq
    from z4j_bare.install import install_agent
    from z4j_dramatiq import DramatiqEngineAdapter
    broker, _ = dramatiq_broker()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    install_agent(engines=[DramatiqEngineAdapter(broker=broker)])
    worker = dramatiq.Worker(broker, worker_threads=8)
    worker.start()
    stop.wait()
    worker.stop()
    broker.close()


def dramatiq_enqueue(jobs):
    _, actor = dramatiq_broker()
    for number in range(jobs):
        actor.send(number)


if __name__ == "__main__":
    engine, *rest = sys.argv[1:]
    calls = {"rq": (rq_work, rq_enqueue), "dramatiq": (dramatiq_work, dramatiq_enqueue)}[engine]
    if rest:
        calls[1](int(rest[1]))
    else:
        calls[0]()

"""What the worker processes of the queue checks run: the jobs, an rq worker's settings, an arq worker's settings, Flask.

Each process loads the part that its name in INTEROP_PART selects, so that it has only its own adapters.
"""
import os

REDIS = os.environ["INTEROP_BROKER"]
PART = os.environ["INTEROP_PART"]


def fail(number):
    raise ValueError(f"job {number} fails")


if PART == "rq":
    import z4j_bare.dispatcher as dispatcher
    from z4j_bare.orchestrator_detect import OrchestratorDetection
    from z4j_rq import register_worker_bootstrap

    # The agent exits on restart-worker only under a supervisor, and not in its first minute. The checks are the supervisor.
    dispatcher.detect_orchestrator = lambda: OrchestratorDetection(True, "interop")
    dispatcher.CommandDispatcher._RESTART_MIN_UPTIME_SECONDS = 0.0
    os.environ["Z4J_RQ_REDIS_URL"] = REDIS
    register_worker_bootstrap()
elif PART == "arq":
    from arq.connections import RedisSettings
    from z4j_arq import ArqEngineAdapter
    from z4j_bare.install import install_agent

    async def nothing(ctx):
        return None

    class ArqSettings:
        functions = [nothing]
        redis_settings = RedisSettings.from_dsn(REDIS)

    install_agent(engines=[ArqEngineAdapter(redis_settings=ArqSettings.redis_settings, function_names=["nothing"])],
                  autostart=True, dev_mode=True)
elif PART == "flask":
    from flask import Flask
    from z4j_flask import Z4J

    app = Flask("interop")
    app.config["Z4J_DEV_MODE"] = True
    Z4J(app)

"""A worker for the tests to kill: an engine on a given database, until standard input ends.

`python engine_process.py DATABASE_URL WORKER_ID [DELIVERY_KEY JOBS_AS_JSON]`
"""

import asyncio
import sys

import msgspec

from bot.jobs.dbos_engine import DbosEngine
from bot.jobs.retry import RetryPolicy
from tests.jobs.errands import BENCH, KINDS, Errand, Repair


async def main() -> None:
    url, worker, *delivery = sys.argv[1:]
    engine = DbosEngine(
        url, kinds=KINDS, bench=BENCH, worker_id=worker, retry=RetryPolicy(base=0.01)
    )
    await engine.start()
    if delivery:
        key, jobs = delivery
        await engine.accept(key, msgspec.json.decode(jobs, type=list[Errand | Repair]))
    sys.stdout.write("accepted\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await engine.shutdown(grace=0)


if __name__ == "__main__":
    asyncio.run(main())

"""The engine on DBOS Transact: workflows in SQLite or PostgreSQL, continued after a crash.

A delivery is a workflow; it starts its jobs as children on one queue, which is partitioned by
tenant. Steps are at least once. Two rules of DBOS shape this file: there is one DBOS in a
process, and what it stores must be plain JSON (its default is pickle).
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil
from typing import Any, ClassVar, Self

import msgspec
import structlog
from dbos import (
    DBOS,
    DBOSPortableJSONSerializer,
    SetEnqueueOptions,
    SetWorkflowID,
    WorkflowSerializationFormat,
    WorkflowStatus,
    error,
)

from bot.jobs.attempt import attempt
from bot.jobs.drain import Drain
from bot.jobs.engine import Accepted, EngineClosed, EngineStatus
from bot.jobs.job import Job, kind_of
from bot.jobs.lineage import State, job_id, repetition
from bot.jobs.retry import Failure, RetryPolicy
from bot.jobs.workbench import Workbench

_QUEUE = "awaited.jobs"
_DELIVERY = "awaited.delivery"
_JOB = "awaited.job"
# Never the hash of the sources, which is the default: a worker runs only what was stored under
# its own version, so that each release would strand what waits. Jobs carry `payload_version`.
_VERSION = "1"
_LIVE = ["ENQUEUED", "DELAYED", "PENDING"]
_COUNTED = 10_000

_log = structlog.stdlib.get_logger(__name__)


class JobFailed(Exception):
    """The job was given up. Stored as the workflow's outcome: a redelivery then repeats it."""


class _Entry(msgspec.Struct, frozen=True):
    """A job as a delivery stores it."""

    number: int
    tenant: str
    priority: int
    job: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shares:
    """How much is done at once, and how soon.

    Attributes:
        per_tenant: jobs of one tenant, over all workers. Those that wait for another attempt
            count: an installation whose rate limit is spent pauses as a whole.
        attempts: attempts in this process. A job that waits takes none.
        claimed: jobs that this process holds, waiting ones included.
        poll: seconds between two looks at the queue; DBOS offers nothing that would wake it.
    """

    per_tenant: int = 4
    attempts: int = 16
    claimed: int = 200
    poll: float = 0.1


_RETRY = RetryPolicy()
_SHARES = Shares()


class DbosEngine:
    """An `Engine`. One in a process, because DBOS is."""

    _current: ClassVar[Self | None] = None

    def __init__(
        self,
        database_url: str,
        *,
        kinds: Sequence[type[Job]],
        bench: Workbench,
        worker_id: str,
        retry: RetryPolicy = _RETRY,
        shares: Shares = _SHARES,
    ) -> None:
        """Prepare; nothing happens before `start`.

        Args:
            database_url: for a blocking SQLAlchemy driver. A SQLite file should be in WAL mode.
            kinds: every kind of job that may be stored.
            bench: handed to each job.
            worker_id: the same after every restart of this worker, and no other worker's: what
                it left behind is continued under this name.
            retry: for `run` and for `give_up`.
            shares: of the work.
        """
        self._database_url = database_url
        self._kinds = {kind_of(kind): kind for kind in kinds}
        self._bench = bench
        self._worker_id = worker_id
        self._retry = retry
        self._shares = shares
        self._drain = Drain()
        self._slots = asyncio.Semaphore(shares.attempts)
        self._accepting = set[asyncio.Task[Accepted]]()
        self._open = False

    async def start(self) -> None:
        """See `Engine`. Must be called on the loop on which the jobs shall run."""
        if DbosEngine._current is not None:
            raise RuntimeError("an engine is running in this process, and there can be only one")
        DbosEngine._current = self
        _route_logs()
        DBOS(
            config={
                "name": "awaited",
                "system_database_url": self._database_url,
                "application_version": _VERSION,
                "executor_id": self._worker_id,
                "serializer": DBOSPortableJSONSerializer(),
                "log_level": "WARNING",
                "max_executor_threads": 64,
                # A shutdown waits for this one; we use no notifications.
                "notification_listener_polling_interval_sec": 0.1,
            }
        )
        self._register()
        # Here and not earlier: DBOS adopts the loop that is running, or starts another one.
        DBOS.launch()
        await DBOS.register_queue_async(
            _QUEUE,
            partition_concurrency=self._shares.per_tenant,
            worker_concurrency=self._shares.claimed,
            polling_interval_sec=self._shares.poll,
            on_conflict="always_update",
        )
        self._open = True

    async def accept(self, delivery_key: str, jobs: Sequence[Job]) -> Accepted:
        """See `Engine`."""
        if not self._open:
            raise EngineClosed("the engine is not running")
        # In a task of its own: a caller that gives up must not part the insert from the start.
        task = asyncio.create_task(self._accept(delivery_key, jobs))
        self._accepting.add(task)
        task.add_done_callback(self._accepting.discard)
        return await asyncio.shield(task)

    async def status(self) -> EngineStatus:
        """See `Engine`."""
        jobs = await DBOS.list_workflows_async(
            name=_JOB, status=_LIVE, limit=_COUNTED, load_input=False, load_output=False
        )
        running = sum(job.status == "PENDING" for job in jobs)
        return EngineStatus(self._open, waiting=len(jobs) - running, running=running)

    async def settled(self, deadline: float) -> None:
        """See `Engine`."""
        async with asyncio.timeout(deadline):
            while await _anything_live():  # noqa: ASYNC110 - the database rings no bell
                await asyncio.sleep(0.02)

    async def shutdown(self, grace: float = 20.0) -> None:
        """See `Engine`. Harmless when it is not running."""
        if DbosEngine._current is not self:
            return
        self._open = False
        if self._accepting:
            await asyncio.wait(self._accepting, timeout=grace)
        # Destroying stops the queue first, then waits for workflows in steps of a second.
        patience = ceil(grace) + 2 if self._drain.busy else 0
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1) as pool:
            destroyed = loop.run_in_executor(pool, _destroy, patience)
            await self._drain.close(grace)
            await destroyed
        # DBOS had made its own threads the loop's, and they are gone.
        loop.set_default_executor(ThreadPoolExecutor())
        DbosEngine._current = None

    def _register(self) -> None:
        """Tell DBOS our workflows; as closures, so that each engine brings its own."""

        @DBOS.workflow(
            name=_DELIVERY,
            max_recovery_attempts=None,
            serialization_type=WorkflowSerializationFormat.PORTABLE,
        )
        async def delivery(entries: list[Any]) -> None:
            with self._drain.at_work():
                await self._start_jobs(msgspec.convert(entries, list[_Entry]))

        @DBOS.workflow(
            name=_JOB,
            max_recovery_attempts=None,
            serialization_type=WorkflowSerializationFormat.PORTABLE,
        )
        async def job(stored: dict[str, Any]) -> None:
            with self._drain.at_work():
                await self._do(msgspec.convert(stored, self._kinds[stored["kind"]]))

        self._delivery_workflow: Callable[[list[Any]], Coroutine[Any, Any, None]] = delivery
        self._job_workflow: Callable[[dict[str, Any]], Coroutine[Any, Any, None]] = job

    async def _accept(self, key: str, jobs: Sequence[Job]) -> Accepted:
        entries = [_entry(number, job) for number, job in enumerate(jobs)]
        if await self._begin(key, entries):
            return Accepted.NEW
        family = await DBOS.list_workflows_async(
            workflow_id_prefix=key, load_input=False, load_output=False
        )
        states = {workflow.workflow_id: _state(workflow) for workflow in family}
        again = repetition(key, states, len(entries))
        # A second redelivery at the same moment finds the same id, and loses.
        if again and await self._begin(again.workflow_id, [entries[n] for n in again.numbers]):
            return Accepted.RETRIED
        return Accepted.DUPLICATE

    async def _begin(self, workflow_id: str, entries: list[_Entry]) -> bool:
        """Start a delivery's workflow, unless that id was ever used: the one durable insert."""
        try:
            with SetWorkflowID(workflow_id, workflow_id_reuse_policy="reject"):
                await DBOS.start_workflow_async(
                    self._delivery_workflow, msgspec.to_builtins(entries)
                )
        except error.DBOSWorkflowIDInUseError:
            return False
        return True

    async def _start_jobs(self, entries: Sequence[_Entry]) -> None:
        workflow_id = str(DBOS.workflow_id)
        for entry in entries:
            with (
                SetWorkflowID(job_id(workflow_id, entry.number)),
                # Without a priority a job would go before all that have one.
                SetEnqueueOptions(priority=entry.priority, queue_partition_key=entry.tenant),
            ):
                await DBOS.enqueue_workflow_async(_QUEUE, self._job_workflow, entry.job)

    async def _do(self, job: Job) -> None:
        key = str(DBOS.workflow_id)
        with structlog.contextvars.bound_contextvars(job=kind_of(job), key=key, tenant=job.tenant):
            failure = await self._persist("run", lambda: job.run(self._bench))
            if failure is None:
                return
            _log.error("giving up", failure=failure.error)
            words = f"{failure.error} (job {key})"
            lost = await self._persist("give_up", lambda: job.give_up(self._bench, words))
            if lost is not None:
                _log.error("could not even give up", failure=lost.error)
            raise JobFailed(words)

    async def _persist(self, step: str, action: Callable[[], Awaitable[None]]) -> Failure | None:
        """Try until it works or the policy has had enough; return the last failure then."""
        failures: list[Failure] = []
        while True:
            before = await DBOS.run_step_async({"name": "starts"}, _starts)
            outcome = await DBOS.run_step_async(
                {"name": step}, self._attempt, action, before, len(failures) + 1
            )
            if outcome is None:
                return None
            failures.append(msgspec.convert(outcome, Failure))
            wait = self._retry.wait(failures, random.random())  # noqa: S311 - spreads load
            if wait is None:
                return failures[-1]
            with self._drain.at_rest():
                await DBOS.sleep_async(wait)

    async def _attempt(
        self, action: Callable[[], Awaitable[None]], before: int, number: int
    ) -> dict[str, Any] | None:
        """One attempt, as a step: what it returns is stored."""
        deaths = await _starts() - before
        if deaths >= self._retry.deaths:
            return _stored(Failure("died", f"interrupted {deaths} times in the middle"))
        with structlog.contextvars.bound_contextvars(attempt=number):
            async with self._slots:
                failure = await attempt(action)
        return None if failure is None else _stored(failure)


async def _anything_live() -> bool:
    live = await DBOS.list_workflows_async(
        status=_LIVE, limit=1, load_input=False, load_output=False
    )
    return bool(live)


async def _starts() -> int:
    """Count how often a worker has begun the current job."""
    status = await DBOS.get_workflow_status_async(str(DBOS.workflow_id))
    return (status.recovery_attempts or 0) if status is not None else 0


def _entry(number: int, job: Job) -> _Entry:
    return _Entry(number, job.tenant, int(job.priority), msgspec.to_builtins(job))


def _stored(failure: Failure) -> dict[str, Any]:
    stored: dict[str, Any] = msgspec.to_builtins(failure)
    return stored


def _state(workflow: WorkflowStatus) -> State:
    if workflow.status in _LIVE:
        return State.LIVE
    return State.DONE if workflow.status == "SUCCESS" else State.FAILED


def _destroy(patience: int) -> None:
    DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=patience)


def _route_logs() -> None:
    """Let our own logging have DBOS's messages, except for a traceback of what we said already."""
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        # DBOS then leaves the logger alone.
        logger.addHandler(logging.NullHandler())
    if _is_news not in logger.filters:
        logger.addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    said = (JobFailed, asyncio.CancelledError)
    return not (record.exc_info and isinstance(record.exc_info[1], said))

"""One warm pytest, and one bench, for all tests of a process."""

import os
from collections.abc import Iterator

import pytest

from tests.conformance.bench import Bench
from tests.conformance.warm_pytest import WarmPytest


@pytest.fixture(scope="session")
def warm_pytest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmPytest]:
    with WarmPytest(tmp_path_factory.mktemp("bytecode")) as warm:
        yield warm


@pytest.fixture(scope="session")
def bench(warm_pytest: WarmPytest, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Judges each project once for all processes of a test run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return Bench(warm_pytest.start, shared / "judgements")

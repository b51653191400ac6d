"""Processor time of other processes, by the operating system itself."""

import os
import sys
import time

import pytest

from bot.isolation.processor_time import processor_seconds


@pytest.mark.skipif(sys.platform != "linux", reason="nobody tells of it")
def test_the_processor_time_of_a_process_is_what_the_process_itself_reads() -> None:
    before = time.process_time()
    read = processor_seconds(os.getpid())
    after = time.process_time()

    assert read is not None
    assert before <= read <= after


def test_of_a_process_that_is_not_there_nothing_is_told() -> None:
    assert processor_seconds(2**22 + 1) is None

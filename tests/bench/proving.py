"""Proving 2,000 tokens after an import, beside the limit that the service's latency sets."""

import resource
import threading
import time
from queue import Empty, SimpleQueue

from bench.ground import Ground
from bench.table import Line

LATENCY = 0.05
COUNT = 2_000
SHIPPED = 4
"""The concurrency that ui/proving.py ships with."""


def measure(ground: Ground) -> list[Line]:
    """Each once: a run takes 6 to 100 seconds. CPU time is this process's, the service's too."""
    ground.service.switch(delay_seconds=LATENCY)
    lines = [_prove(ground, threads) for threads in (SHIPPED, 8, 16, 2, 1)]
    ground.service.switch(delay_seconds=0.0)
    return lines


def _prove(ground: Ground, threads: int) -> Line:
    count = COUNT if threads >= SHIPPED else COUNT // 5
    with ground.session():
        parts = ground.parts(ground.profile(COUNT))
        parts.vault.unlock()
        waiting: SimpleQueue[str] = SimpleQueue()
        for number in range(count):
            waiting.put(f"{number:032x}")

        def work() -> None:
            while True:
                try:
                    parts.broker.refresh(waiting.get_nowait())
                except Empty:
                    return

        used, began = _cpu(), time.perf_counter()
        workers = [threading.Thread(target=work) for _number in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        took, used = time.perf_counter() - began, _cpu() - used
        parts.close()
    limit = count * LATENCY / threads
    goal = 1.15 if threads == SHIPPED else None
    what = f"proving {count} tokens, {threads} at once, 50 ms latency"
    return Line(what, "s", took, goal, "the limit", limit, f"CPU {used:.1f} s")


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime

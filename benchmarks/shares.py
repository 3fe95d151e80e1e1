"""Where the engine's time goes: each mechanism, the recording, the start; and the random draws inside them."""

from __future__ import annotations

import functools
import os
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from typing import Any

from benchmarks.worlds import Size, scenario_of
from sim import fast


class Clock:
    """Processor seconds by label. Of nested calls only the outermost counts, so that the labels add up."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._inside = False

    def wrap(self, label: str, function: Callable) -> Callable:
        """The function, timed under the label."""

        @functools.wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            if self._inside:
                return function(*args, **kwargs)
            self._inside = True
            began = time.process_time()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds[label] += time.process_time() - began
                self._inside = False

        return timed

    @contextmanager
    def on(self, owner: Any, name: str, label: str):
        """Time ``owner.name`` for as long as the context lasts."""
        before = getattr(owner, name)
        setattr(owner, name, self.wrap(label, before))
        try:
            yield
        finally:
            setattr(owner, name, before)


def measure(size: Size, dtype: str = "float64") -> tuple[float, Counter[str], Counter[str]]:
    """One run with one worker: total processor seconds, those by part, and of draws by kind (they are in the parts)."""
    from sim import engine, mechanisms
    from sim.draws import Draws
    from sim.events import event
    from sim.simulation import ensemble

    scenario = scenario_of(size)
    parts, draws = Clock(), Clock()
    with ExitStack() as stack:
        for name in ("begin", "settled_once"):
            stack.enter_context(parts.on(ensemble, name, "start: expectations and past"))
        for name in scenario.schedule:
            stack.enter_context(parts.on(mechanisms.get(name), "update", name))
        for name in ("begin", "apply", "hold"):
            stack.enter_context(parts.on(event, name, "events"))
        for name in ("__init__", "take"):
            stack.enter_context(parts.on(engine.Recorder, name, "recording"))
        for name in ("uniform", "uniform_of", "normal"):
            stack.enter_context(draws.on(Draws, name, name))
        began = time.process_time()
        ensemble.simulate(scenario, replicates=size.replicates, dtype=dtype, workers=1)
        total = time.process_time() - began
    parts.seconds["the rest: loop, agents, joining chunks"] = total - parts.seconds.total()
    return total, parts.seconds, draws.seconds


def table(size: Size, dtype: str = "float64", compiled: bool = False) -> list[str]:
    """Lines of a table of shares, without compiled kernels or with them."""
    os.environ["ENTENTE_FAST"] = "1" if compiled else "0"
    fast.use(size.dyad_steps)  # loads what is compiled, before the clock starts
    total, parts, draws = measure(size, dtype)
    each = 1e9 / size.dyad_steps
    what = f"{size}, {dtype}{', compiled kernels' if compiled else ''}"
    lines = [f"{what}, one worker: {total:.2f} s of processor time, {total * each:.1f} ns per dyad-step.", ""]
    lines += ["| part | ns per dyad-step | share |", "| --- | ---: | ---: |"]
    rows = [*parts.most_common(), *((f"(draws: {kind}, within the above)", took) for kind, took in draws.most_common())]
    lines += [f"| {label} | {took * each:.2f} | {took / total:.1%} |" for label, took in rows]
    return lines

"""India balances instead of choosing: each month it turns to the core with which it has cooperated less.

    python examples/hedging_india.py                                              compare with the built-in rule, paired
    python -m sim run behaviour.IND=examples/hedging_india.py:HedgingIndia       a whole run with results on disk

Hedging means to keep good relations with both sides at once, so as not to have to choose (Goh 2005, Meeting the China
Challenge, East-West Center Policy Studies 16). Here that is one rule, and an assumption: it shows how a behaviour is
written, not what India does. Where the built-in rule confronts, that stands.
"""

from __future__ import annotations

import numpy as np

from sim import StateAgent


class HedgingIndia(StateAgent):
    """Offers cooperation to every member of the core with which it cooperated less in the last twelve months."""

    def decide(self):
        cores = self.model.scenario.cores
        east, west = self.cooperation.mean(cores["east"]), self.cooperation.mean(cores["west"])
        behind = {"east": east < west, "west": west < east}
        return self.choices(
            cooperate={
                code: behind[side] & (self.actions[code] >= 0)
                for side, codes in cores.items()
                for code in codes
                if code != self.code
            }
        )


def compare(replicates: int = 100, seed: int = 1, end: str = "2025-12") -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The last month's values with the built-in rule and with ours, replicate by replicate."""
    import sim

    scenario = sim.load("sco_expansion", changes={"end": end})
    watch = [f"IND-{code}" for codes in scenario.cores.values() for code in codes]
    scenario = sim.load("sco_expansion", changes={"end": end, "scenario.watch": watch})
    runs = [
        sim.simulate(scenario, replicates=replicates, seed=seed, behaviours=behaviours)
        for behaviours in ({}, {"IND": HedgingIndia})
    ]

    def last(run, measure: str, *subjects: str) -> np.ndarray:
        series = run.series[measure]
        return np.mean([series.values[:, -1, series.subjects.index(subject)] for subject in subjects], axis=0)

    cells = {"alignment (+ East, - West)": ("alignment", "IND")}
    for side, codes in scenario.cores.items():
        cells[f"cooperation with the {side.title()}"] = "cooperation", *("-".join(sorted(("IND", c))) for c in codes)
    cells |= {"cooperation with everybody": ("cooperation", "IND"), "bloc": ("bloc", "IND")}
    return {name: tuple(last(run, *cell) for run in runs) for name, cell in cells.items()}


def main() -> None:
    """Print the effect: medians, and the paired difference with the interval that holds 90 % of the replicates."""
    found = compare()
    blocs = found.pop("bloc")
    print(f"India, December 2025, {len(blocs[0])} replicates, paired: hedging against the built-in rule\n")
    print(f"{'':28}{'built-in':>9}{'hedging':>9}{'difference':>12}   90 % of replicates")
    for name, (rule, own) in found.items():
        low, middle, high = np.quantile(own - rule, (0.05, 0.5, 0.95))
        print(f"{name:28}{np.median(rule):9.3f}{np.median(own):9.3f}{middle:+12.3f}   {low:+.3f} to {high:+.3f}")
    for number, side in enumerate(("with neither bloc", "in the East bloc", "in the West bloc")):
        rule, own = (np.mean(bloc == number) for bloc in blocs)
        print(f"{'share ' + side:28}{rule:9.3f}{own:9.3f}{own - rule:+12.3f}")
    moved = np.mean(blocs[0] != blocs[1])
    print(f"\nIn {moved:.0%} of the replicates India ends on another side than with the built-in rule.")


if __name__ == "__main__":
    main()

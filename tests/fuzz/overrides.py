"""Spoilt command lines of `run`: keys, values of Hydra's grammar, flags."""

from __future__ import annotations

import random

from tests.fuzz.mutate import DATES, NUMBERS, WORDS, spoil_text

SEEDS = [
    ["scenario=small", "seed=2"],
    ["scenario=./small.yaml", "replicates=5", "end=2016-06"],
    ["scenario=small", "scenario.events.india_joins.on=2016-01", "~scenario.events.pact"],
    ["scenario=small", "+scenario.events.more={type: join, organisation: SCO, states: [USA], on: 2016-02}"],
    ["scenario=small", "parameters.trust.gain=0.007", "parameters.trust.loss={uniform: [0.01, 0.02]}"],
    ["scenario=small", "scenario.states.IND.capability=0.1", "scenario.actors.ISK.bias.RUS=2", "~scenario.states.USA"],
    ["scenario=small", "scenario.title='A, b'", "results=out", "plots=false", "report=false", "save=dyads", "dtype=float32"],
    ["scenario=small", "replicates=auto", "precision=0.01", "measure=cooperation:SCO", "workers=1", "pool=local"],
    ["-m", "scenario=small", "seed=1,2", "parameters.trust.gain=choice(0.005,0.006)", "outcomes=[cooperation:SCO]"],
    ["-m", "scenario=small", "parameters.trust.gain=interval(0.005,0.007)", "design=lhs", "samples=3", "at=[2015-06]"],
    ["-m", "scenario=small", "seed=range(1,4)", "design=zip", "hydra.sweeper.seed=2", "dry_run=true"],
    ["-m", "sweep=is_growth", "scenario=small"],
    ["--cfg", "job", "scenario=small"],
    ["--info", "searchpath"],
    ["scenario=small", "behaviour.IND=missing.py:Mine", "start=2015-02", "force=true"],
]
VALUES = [
    "[1,2", "[1,2]", "{a: 1", "{a: 1}", "choice(1,2)", "choice()", "range(1,5)", "range(1,1000000000)",
    "range(5,1)", "range(1,2,0)", "interval(0,1)", "interval(1,0)", "interval(0,inf)", "interval(a,b)", "glob(*)",
    "glob(x*)", "sort(3,1,2)", "shuffle(1,2,3)", "int(x)", "int(1.5)", "str(1)", "float(nan)", "bool(2)",
    "extend_list(1)", "tag(t, interval(0, 1))", "${seed}", "${nope}", "${oc.env:NOPE}", "${", "${a",
    "${oc.decode:x}", "${oc.create:x}", "null", "true", "???", "1,2", "1,,2", ",", "'", '"', "''", '""', "'a", "\\",
    "a\\", "a=b", "=", "==", "a b", "a:b", "(1)", "1e3", "1_000", "0x1f", "nan", "inf", "-inf", "-", "@", "a@b",
    "~", "+", "[[1]]", "[{a: [1]}]", "{}", "[]", "{uniform: [0, 1]}", "{lognormal: [1, 1000]}", "{type: crisis}",
    "{value: 1}", "sco_expansion", "baseline", "./small.yaml", "/dev/zero", "~nobody-here/x", "a" * 300,
    "./" + "a" * 300 + ".yaml", "²", "2015-01", "2017-13", "\x1b[31m", "\u202e", "a\0b", "\udce9", "é",
]  # fmt: skip
KEYS = [
    "seed", "scenario", "scenario_dir", "replicates", "start", "end", "workers", "pool", "dtype", "save", "plots",
    "report", "force", "results", "behaviour", "behaviour.IND", "precision", "measure", "design", "samples",
    "outcomes", "at", "dry_run", "sweep", "parameters", "parameters.trust", "parameters.trust.gain",
    "parameters.insurgency.growth", "parameters.nope", "scenario.events", "scenario.events.pact",
    "scenario.events.pact.on", "scenario.events.row.when", "scenario.events.row.when.below",
    "scenario.events.help.effort", "scenario.states", "scenario.states.IND", "scenario.states.IND.capability",
    "scenario.actors", "scenario.actors.ISK", "scenario.actors.ISK.bias", "scenario.cores", "scenario.cores.east",
    "scenario.sets", "scenario.watch", "scenario.limits", "scenario.schedule", "scenario.title", "scenario.world",
    "scenario.baseline", "scenario.estimates", "scenario.sources", "scenario.organisations.SCO.depth",
    "hydra.run.dir", "hydra.sweep.dir", "hydra.mode", "hydra.job.name", "hydra.sweeper.samples",
    "hydra.sweeper.seed", "hydra.sweeper.params", "hydra/launcher", "hydra/sweeper", "hydra/job_logging", "hydra",
    "hydra.searchpath", "hydra.verbose", "hydra.output_subdir", "scenario@x", "a/b", "x", "", ".", "a..b",
    "scenario.", "scenario.events.", "0", "é",
]  # fmt: skip
FLAGS = [
    "-m", "--multirun", "--cfg", "-c", "--resolve", "--info", "-i", "-p", "--package", "--run", "-r",
    "--experimental-rerun", "--config-name", "-cn", "--config-path", "-cp", "--config-dir", "-cd", "--hydra-help",
    "--version", "--seed", "--seed=3", "-x", "--", "-", "--force", "job", "hydra", "all", "searchpath", "nonsense",
    "--cfg=job", "--cfg=x", "--info=plugins",
]  # fmt: skip


def spoilt(luck: random.Random) -> list[str]:
    """The words of one command line."""
    words = list(luck.choice(SEEDS))
    for _ in range(luck.choice([1, 1, 1, 2, 3])):
        at = luck.randrange(len(words) + 1)
        what = luck.randrange(9)
        if what <= 2:
            words.insert(at, f"{luck.choice(['', '', '', '+', '++', '~'])}{luck.choice(KEYS)}={_value(luck)}")
        elif what == 3:
            words.insert(at, luck.choice(["~", "", "+"]) + luck.choice(KEYS))
        elif what == 4:
            words.insert(at, luck.choice(FLAGS))
        elif words:
            at = luck.randrange(len(words))
            key, equals, _ = words[at].partition("=")
            if what == 5 and equals:
                words[at] = f"{key}={_value(luck)}"
            elif what == 6:
                words[at] = spoil_text(words[at], luck)
            elif what == 7:
                words[at] = luck.choice(["+", "~", "++"]) + words[at]
            else:
                words.append(luck.choice(luck.choice(SEEDS)))
    return words


def _value(luck: random.Random) -> str:
    value = luck.choice(luck.choice([VALUES, VALUES, NUMBERS, DATES, WORDS]))
    return value if luck.random() < 0.8 else f"{value},{luck.choice(VALUES)}"

"""The help of `run`: the options with their comments in conf/config.yaml, and examples.

The file is read as text: composing the configuration to show it would take a second.
"""

from __future__ import annotations

import re
from textwrap import fill

from sim import resources
from sim.cli.main import program

TEXT = """Simulate a scenario, write its results, print a summary.

usage: {program} [scenario=NAME] [option=value ...]

Examples
  {program} scenario=sco_expansion
  {program} scenario=sco_expansion replicates=50 seed=2
  {program} scenario=./mine.yaml
  {program} -m scenario=baseline,us_stays parameters.trust.gain=.003,.01
  {program} sweep=is_growth

{scenarios}

Options, with their defaults
{options}

Change the scenario or the model
  scenario.events.us_withdrawal.on=2025-01  a field of an event; see them with
                                            {sim} show SCENARIO
  scenario.states.IND.capability=.1         a number of a state,
  scenario.organisations.SCO.depth=.5       of an organisation,
  scenario.actors.ISK.bias.RUS=5            of a non-state actor
  parameters.trust.gain=.01                 a number of the model; see them with
                                            {sim} list parameters
  '~scenario.events.pakistan_joins_sco'     remove something; quote the ~
  '+scenario.events.EVENT={{...}}'            add something

Flags
  -m             a sweep: seed=1,2 'seed=range(0,20)' 'scenario=glob(no_*)'
                 'parameters.trust.gain=interval(.003,.012)' design=lhs
  --cfg job      print the composed configuration; -p scenario.watch a part
  --info         where the configuration comes from
  --hydra-help   what else Hydra takes
  --json         one JSON object on stdout, the folder under `folder`"""
_OPTION = re.compile(r"^(?:  - )?(\w+): (\S+) # (.+)$", re.MULTILINE)


def options() -> dict[str, tuple[str, str]]:
    """Each option of conf/config.yaml: its default, empty where there is none, and its comment."""
    text = (resources.conf() / "config.yaml").read_text(encoding="utf-8").partition("\nhydra:")[0]
    return {name: ("" if value in ("null", "{}") else value, about) for name, value, about in _OPTION.findall(text)}


def help_text() -> str:
    """The text of `run --help`."""
    known = {f"{name}={value}": about for name, (value, about) in options().items()}
    wide = max(len(word) for word in known) + 4
    lines = [
        fill(about, 80, initial_indent=f"  {word}".ljust(wide), subsequent_indent=" " * wide)
        for word, about in known.items()
    ]
    names = sorted(path.stem for path in resources.scenarios().glob("*.yaml"))
    scenarios = fill(f"Scenarios: {', '.join(names)}", 80, subsequent_indent="  ")
    sim = program()
    return TEXT.format(program=f"{sim} run", sim=sim, scenarios=scenarios, options="\n".join(lines))

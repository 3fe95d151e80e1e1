"""`sim submit OVERRIDES --slurm`, `sim submit SWEEP --slurm`: a sweep as an array of Slurm jobs."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Any

from sim.cli.arguments import Refusal, add_allow_code, add_json, parse, parser, print_json
from sim.cli.main import program

if TYPE_CHECKING:
    import argparse

    from sim.cli.hydra.request import SweepRequest
    from sim.sweep import Plan


def main(argv: list[str]) -> int:
    """Plan, write the scripts, submit where asked."""
    words, more = (argv[: argv.index("--")], argv[argv.index("--") + 1 :]) if "--" in argv else (argv, [])
    to = _parser()
    args = parse(to, [word for word in words if not _is_override(word)])
    if args is None:
        return 0
    overrides = [word for word in words if _is_override(word) and word not in ("-m", "--multirun")]
    if bool(overrides) == bool(args.sweep):
        raise Refusal(
            f"say what to submit: either overrides as after {program()} run -m, or one sweep that is planned "
            f"({program()} list sweeps)"
        )
    for name in ("chunk", "cpus"):
        if (value := getattr(args, name)) is not None and value < 1:
            raise Refusal(f"--{name} {value} is not allowed; give 1 or more")
    if args.submit and shutil.which("sbatch") is None:
        raise Refusal("sbatch is not on this machine; without --submit the command is printed, for where it is")
    planned = _planned(overrides, args)
    if isinstance(planned, int):
        return planned
    if args.table:
        return _table(planned, args)
    return _write(planned, args, more)


def _parser() -> argparse.ArgumentParser:
    about = (
        "Write a sweep as an array of Slurm jobs: each task carries out its share of the runs, and one job that waits for "
        "all of them writes the table. All nodes see the same results folder and the same Python. What is finished costs "
        "a look, so that the same command goes on after scancel, a time limit or a lost node."
    )
    to = parser(
        "submit",
        about,
        {
            "scenario=sco_expansion,no_expansion 'seed=range(1,21)' --slurm": "the words of run -m",
            "sweep=is_growth --slurm --chunk 5 --time 00:30:00 --submit": "five runs a task; call sbatch now",
            "3f2a --slurm -- --account=ir --mem=2G": "a sweep that is planned; more options of sbatch",
            "3f2a --table": "write the table from what is finished now",
        },
    )
    to.add_argument("sweep", metavar="SWEEP", nargs="?", help="a planned sweep: folder, name or first digits of its id")
    what = to.add_mutually_exclusive_group(required=True)
    what.add_argument("--slurm", action="store_true", help="write the scripts for Slurm")
    what.add_argument("--table", action="store_true", help="write table and pictures from the runs that are finished")
    to.add_argument("--chunk", type=int, metavar="N", help="runs of a task; default: as many as make 100 tasks")
    to.add_argument("--cpus", type=int, metavar="N", default=1, help="processors of a task; default: 1")
    to.add_argument("--time", metavar="TIME", help="limit of a task, as Slurm writes it")
    to.add_argument("--partition", metavar="NAME", help="where; default: the site's")
    to.add_argument("--submit", action="store_true", help="call sbatch now")
    add_allow_code(to)
    to.add_argument("--no-plot", action="store_true", help="draw no pictures")
    to.add_argument("--results", default="results", metavar="DIR", help="where the sweep is; with overrides: results=DIR")
    add_json(to)
    return to


def _is_override(word: str) -> bool:
    """Whether a word is Hydra's: `seed=1,2`, `~scenario.events.x`, `-m`."""
    return word in ("-m", "--multirun") or (not word.startswith("-") and ("=" in word or word[0:1] in ("~", "+")))


def _planned(overrides: list[str], args: argparse.Namespace) -> Plan | int:
    """The sweep, or the exit status when there is none to carry out."""
    from sim.sweep.folder import find_sweep
    from sim.sweep.plan import Plan

    if not overrides:
        plan = Plan.open(find_sweep(args.sweep, args.results), allow_code=args.allow_code)
        if args.slurm:
            plan.check_code()
        return plan
    from sim.cli import hydra
    from sim.cli.sweep import planned, sweep

    command = " ".join([program(), "run", "-m", *overrides])
    found: list[Plan] = []
    dry: dict[str, Any] = {}

    def keep(request: SweepRequest) -> int:
        if request.sweep.dry_run:
            return sweep(request, command, dry if args.json else None)
        if request.options["force"]:
            raise Refusal("force=true cannot be submitted: a task that is given again would simulate everything again")
        args.no_plot = args.no_plot or not request.options["plots"]
        found.append(planned(request, command))
        return 0

    status = hydra.compose(["-m", *overrides], lambda _: 0, sweep=keep, prog=f"{program()} submit")
    if dry:
        print_json(dry)
    return found[0] if found else status


def _write(plan: Plan, args: argparse.Namespace, more: list[str]) -> int:
    from sim.cli.terminal import shown
    from sim.sweep import slurm

    options = [f"--{name}={value}" for name in ("time", "partition") if (value := getattr(args, name))]
    scripts = slurm.write_scripts(
        plan, chunk=args.chunk, cpus=args.cpus, options=[*options, *more], table=["--no-plot"] if args.no_plot else []
    )
    said = {
        "folder": str(plan.folder.resolve()),
        "sweep": plan.id,
        "runs": plan.head["runs"],
        "tasks": scripts.tasks,
        "array": str(scripts.array),
        "table": str(scripts.table),
        "command": scripts.command,
    }
    if args.submit:
        said["submitted"] = list(slurm.submit(scripts))
    if args.json:
        print_json(said)
        return 0
    tasks = f"{scripts.tasks:,} task{'s' * (scripts.tasks != 1)} of {args.cpus} processor{'s' * (args.cpus != 1)}"
    print(f"{plan.head['runs']:,} runs in {tasks}: {shown(scripts.array)}; the table: {shown(scripts.table)}")
    if args.submit:
        array, table = said["submitted"]
        print(f"Submitted: {array} the array, {table} the table. To stop: scancel {array} {table}; this command goes on.")
        print(f"Next: {program()} list sweeps")
    else:
        print(f"Next: {scripts.command}")
    print(shown(plan.folder))
    return 0


def _table(plan: Plan, args: argparse.Namespace) -> int:
    from sim.cli.sweep import carry_out

    done: dict[str, Any] = {}
    options = {"pool": "gathered", "workers": args.cpus}
    status = carry_out(plan, options, plots=not args.no_plot, done=done if args.json else None)
    if args.json:
        print_json(done)
    elif status:
        print(f"to go on: {program()} submit {plan.id} --slurm", file=sys.stderr)
    return status

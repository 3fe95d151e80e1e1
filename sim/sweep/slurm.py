"""A sweep as an array of Slurm jobs: two scripts in its folder, and the command that submits them.

Each task of the array carries out its share (`sim.sweep.array`); one job that waits for all of them writes the table. All
nodes see the same folder and the same Python.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.sweep import SweepError
from sim.sweep.plan import Plan

SCRIPTS = "slurm"
"""The folder, inside that of a sweep, with the scripts and what the jobs print."""
TASKS = 100
"""How many tasks an array has at most, unless the size of a share is given; sites allow 1,000 unless they changed it."""


@dataclass(frozen=True)
class Scripts:
    """The two scripts, and how many tasks the array has."""

    array: Path
    table: Path
    tasks: int

    @property
    def command(self) -> str:
        """One line for a shell that submits both."""
        array, table = (shlex.quote(str(path)) for path in (self.array, self.table))
        return f"sbatch --dependency=afterany:$(sbatch --parsable {array}) {table}"


def write_scripts(
    plan: Plan,
    *,
    chunk: int | None = None,
    cpus: int = 1,
    options: Sequence[str] = (),
    table: Sequence[str] = (),
    where: Path | None = None,
) -> Scripts:
    """Write the scripts into the folder of a sweep.

    Args:
        plan: the sweep.
        chunk: runs of a task; None for as many as make at most 100 tasks.
        cpus: processors of a task, and so how many of its runs are carried out at once.
        options: more options of sbatch, such as `--time=01:00:00`.
        table: words after `python -m sim submit FOLDER --table`.
        where: the working directory of the jobs; None for this one.
    """
    runs = plan.head["runs"]
    tasks = -(-runs // (chunk or -(-runs // TASKS)))
    folder = plan.folder.resolve()
    place = folder / SCRIPTS
    place.mkdir(exist_ok=True)
    where = (where or Path.cwd()).resolve()
    python = [sys.executable, "-m"]
    code = ["--allow-code"] if plan.trusted else []  # whoever submits it has named them, and their hashes are in the plan
    share = shlex.join([*python, "sim.sweep.array", str(folder), *code])
    scripts = Scripts(place / "array.sh", place / "table.sh", tasks)
    about = f"Sweep {plan.id}: {runs:,} runs in {tasks:,} tasks. What is finished costs a look: submit it again to go on."
    _write(
        scripts.array,
        about,
        f'{share} --task "$SLURM_ARRAY_TASK_ID" --of {tasks}',
        [
            f"--job-name=entente-{plan.id}",
            f"--array=0-{tasks - 1}",
            "--ntasks=1",
            f"--cpus-per-task={cpus}",
            f"--chdir={_quoted(where)}",
            f"--output={_pattern(place)}/%a.log",
            "--open-mode=append",
            "--requeue",
            *options,
        ],
    )
    _write(
        scripts.table,
        f"Sweep {plan.id}: its table, from what the tasks of {scripts.array.name} left.",
        shlex.join([*python, "sim", "submit", str(folder), "--table", *table]),
        [
            f"--job-name=entente-{plan.id}-table",
            "--ntasks=1",
            "--cpus-per-task=1",
            f"--chdir={_quoted(where)}",
            f"--output={_pattern(place)}/table.log",
            *options,
        ],
    )
    return scripts


def submit(scripts: Scripts) -> tuple[str, str]:
    """Submit both; the numbers of the array and of the job of the table.

    Raises:
        SweepError: sbatch refuses.
    """
    array = _sbatch(str(scripts.array))
    return array, _sbatch(f"--dependency=afterany:{array}", str(scripts.table))


def _sbatch(*words: str) -> str:
    answer = subprocess.run(["sbatch", "--parsable", *words], capture_output=True, text=True, check=False)
    if answer.returncode:
        raise SweepError(f"sbatch refused {words[-1]}: {answer.stderr.strip()}")
    return answer.stdout.strip().partition(";")[0]  # of several clusters, Slurm adds the name of this one


def _write(path: Path, about: str, command: str, options: Sequence[str]) -> None:
    lines = ["#!/bin/bash", f"# {about}", *(f"#SBATCH {option}" for option in options), f"exec {command}", ""]
    path.write_text("\n".join(lines), encoding="utf-8", newline="\n")


def _quoted(path: Path | str) -> str:
    """A path with blanks in it as an option of sbatch takes it."""
    return f'"{path}"'


def _pattern(path: Path) -> str:
    """The same where % has a meaning."""
    return _quoted(str(path).replace("%", "%%"))

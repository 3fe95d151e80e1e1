"""Draw docs/gallery.md anew: every picture there is, of real runs, each with the command that makes it.

    python docs/gallery.py

It runs what is not in `results/` yet, draws into docs/pictures, and reduces the pictures to so many colours that the page
stays small. The words come from the pictures' own docstrings.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sim import plots

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "pictures"
PAIR = "sco_expansion no_expansion"
MANY = f"{PAIR} us_stays is_growth"
SEVERAL = ("scenario_forest",)
"""Pictures that want several scenarios."""
COLOURS = 256

HEAD = """# Gallery

Written by `python docs/gallery.py`; do not edit. Every picture is of real runs with the default options and seed 1, drawn
from their folders alone. `python -m sim plot RUN` draws all that a run can have, `--list` says which and why not,
`--format svg` gives them for print, `--subject` chooses whom they show. East and West also differ by letters, names or
position, and rising and falling values by their marks, so that no picture needs its colours.
"""
TITLES = {
    "run": ("One run", "python -m sim run scenario=sco_expansion"),
    "comparison": ("Two runs and more", f"python -m sim compare {PAIR}"),
    "sweep": ("Many runs", "python -m sim run sweep=dilution"),
}
_GAIN_AND_LOSS = "parameters.trust.gain=.004,.006,.008 parameters.trust.loss=.01,.015,.02"
SWEEPS = {
    "even_odds": "run sweep=dilution replicates=50",
    "heat_map": f"run -m scenario=sco_expansion {_GAIN_AND_LOSS} replicates=20",
    "small_multiples": f"run -m scenario=sco_expansion {_GAIN_AND_LOSS} parameters.institutions.dilution=0,4 replicates=20",
    "tornado": "run sweep=assumptions replicates=50",
}
"""The sweep that each picture is of."""


def command(kind: str, name: str) -> list[str]:
    """The command lines that make one picture."""
    if kind == "run":
        return [f"python -m sim plot sco_expansion {name}"]
    if kind == "sweep":
        return [f"python -m sim {SWEEPS[name]}"]
    stories = MANY if name in SEVERAL else PAIR
    return [f"python -m sim compare {stories}", f"python -m sim plot {folder(stories)} {name}"]


def folder(stories: str) -> str:
    """Where `compare` writes."""
    return "results/compare/" + "__vs__".join(stories.split())


def page() -> str:
    """The text of docs/gallery.md."""
    parts = [HEAD]
    for kind, (title, what) in TITLES.items():
        first = plots.FIRST_LOOK.get(kind)
        which = f"{', '.join(f'`{name}`' for name in first)}; `plot` draws the rest" if first else "what fits its axes"
        parts.append(f"## {title}\n\n`{what}` draws {which}.\n")
        for name, answers in plots.names(kind).items():
            lines, image = "\n".join(command(kind, name)), place(kind, name).relative_to(ROOT / "docs").as_posix()
            parts.append(f"### {name}\n\n{answers}\n\n![{answers}]({image})\n\n```bash\n{lines}\n```\n")
    return "\n".join(parts)


def place(kind: str, name: str) -> Path:
    """Where a picture of the page is."""
    return FOLDER / ("" if kind == "run" else kind) / f"{name}.png"


def reduce(path: Path) -> None:
    """Rewrite a PNG with a palette that covers its scales evenly, without dithering."""
    from PIL import Image

    with Image.open(path) as image:
        small = image.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def _sim(line: str) -> str:
    """Run one of our commands in the checkout; its last line of output."""
    print(f"python -m sim {line}", file=sys.stderr)
    words = [sys.executable, "-m", "sim", *line.split()]
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip().splitlines()[-1]


def main() -> int:
    """Run, compare, draw, reduce and write the page."""
    run = ROOT / _sim("run scenario=sco_expansion plots=false")
    written = plots.draw(run, out=FOLDER)
    for stories in (PAIR, MANY):
        found = ROOT / _sim(f"compare {stories} -- plots=false")
        mine = [name for name in plots.names("comparison") if (name in SEVERAL) == (stories == MANY)]
        written += plots.draw(found, mine, out=FOLDER / "comparison")
    for name, line in SWEEPS.items():
        written += plots.draw(ROOT / _sim(f"{line} plots=false"), [name], out=FOLDER / "sweep")
    for path in written:
        reduce(path)
    (ROOT / "docs" / "gallery.md").write_text(page(), encoding="utf-8", newline="\n")
    total = sum(path.stat().st_size for path in written)
    print(f"{len(written)} pictures, {total / 1e6:.2f} MB", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

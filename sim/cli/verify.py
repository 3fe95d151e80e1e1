"""`sim verify`: does the engine reproduce what is published and what can be derived? The table, with a verdict each."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.arguments import Refusal, add_json, parse, parser, print_json
from sim.cli.main import program
from sim.cli.terminal import Terminal

if TYPE_CHECKING:
    import argparse

    from sim.verification import Result, Row

COLUMNS = "{:<4} {:<34} {:>10} {:>11} {:>8}  {}"


def main(argv: list[str]) -> int:
    """Run the table; 0 when no row fails, 1 when one does."""
    args = _arguments(argv)
    if args is None:
        return 0
    if args.write and (args.only or args.quick):
        raise Refusal("--write needs the whole table at full size: leave out --only and --quick")
    if args.data and not Path(args.data).expanduser().is_dir():
        raise Refusal(f"there is no folder {args.data}; --data names a folder of public data")
    from sim import verification

    rows = _chosen(args.only)
    effort = verification.Effort(args.quick, verification.data_folder(args.data))
    terminal = Terminal()
    if not args.json:
        terminal.print(terminal.bold(COLUMNS.format("id", "what", "expected", "obtained", "within", "verdict")))
    results = []
    for row in rows:
        results.append(verification.carry_out(row, effort))
        if not args.json:
            terminal.print(*_lines(results[-1], terminal))
            terminal.stream.flush()
    if args.write:
        _write(Path(args.write), results)
    failed = [r.row.id for r in results if r.verdict == verification.FAIL]
    if args.json:
        print_json(_as_json(results, args.quick))
    else:
        _close(results, failed, terminal)
    return int(bool(failed))


def _arguments(argv: list[str]) -> argparse.Namespace | None:
    about = (
        "Compare the engine with published and closed-form results: each row switches the rest of the model off and runs "
        "the mechanism alone. About half a minute. Exit status 1 if a row fails."
    )
    examples = {
        "": "the whole table",
        "--only V5,V12": "two rows",
        "--quick": "a quarter of the draws, wider tolerances",
        "--json": "for a program",
    }
    to = parser("verify", about, examples)
    to.add_argument("--only", metavar="ID,ID", help="these rows only, such as V5,V12")
    to.add_argument("--quick", action="store_true", help="a quarter of the draws; sampling tolerances twice as wide")
    to.add_argument("--data", metavar="DIR", help="folder of public data, which V9 needs (else SIM_DATA)")
    to.add_argument("--write", metavar="FILE", help="write the page docs/verification.md is made of")
    add_json(to)
    return parse(to, argv)


def _chosen(only: str | None) -> list[Row]:
    from sim import verification

    rows = verification.rows()
    if only is None:
        return rows
    wanted = [word.strip().upper() for word in only.split(",") if word.strip()]
    known = [row.id for row in rows]
    unknown = [word for word in wanted if word not in known]
    if unknown or not wanted:
        what = f"there is no row {', '.join(unknown)}" if unknown else "--only names no row"
        raise Refusal(f"{what}; the rows are {known[0]} to {known[-1]}, such as --only V5,V12")
    return [row for row in rows if row.id in wanted]


def _lines(result: Result, terminal: Terminal) -> list[str]:
    """A line for each value; what is too wide for its column goes below."""
    from sim.verification import FAIL, SKIPPED, shown

    if result.verdict == SKIPPED:
        first = COLUMNS.format(result.row.id, result.row.claims[0].what, "", "", "", SKIPPED)
        return [first, terminal.wrap(result.reason, "     ")]
    lines = []
    for k, (claim, value, verdict) in enumerate(zip(result.row.claims, result.obtained, result.verdicts, strict=True)):
        row = result.row.id if not k else ""
        word = terminal.style(verdict, "31") if verdict == FAIL else verdict
        expected, obtained = shown(claim.expected), shown(value)
        allowed = shown(claim.allowed(result.quick)) if claim.allowed(result.quick) else "exact"
        if max(len(expected), len(obtained)) > 11:
            lines.append(COLUMNS.format(row, claim.what, "", "", allowed, word))
            lines.append(f"       expected {expected}, obtained {obtained}")
        else:
            lines.append(COLUMNS.format(row, claim.what, expected, obtained, allowed, word))
    return lines


def _close(results: list[Result], failed: list[str], terminal: Terminal) -> None:
    from sim.verification import SKIPPED

    skipped = [r.row.id for r in results if r.verdict == SKIPPED]
    passed = len(results) - len(failed) - len(skipped)
    words = [f"{passed} of {len(results)} rows pass"]
    words += [f"{', '.join(failed)} FAIL{'S' * (len(failed) == 1)}"] if failed else []
    words += [f"{', '.join(skipped)} skipped"] if skipped else []
    slow = sorted(results, key=lambda r: -r.seconds)[:3]
    longest = ", ".join(f"{r.row.id} {r.seconds:.1f}" for r in slow)
    terminal.print("", f"{'; '.join(words)}. {sum(r.seconds for r in results):.0f} s (longest: {longest}).")
    show = f"{program()} verify --json --only {failed[0]}" if failed else f"{program()} run scenario=sco_expansion"
    terminal.print("Sources, settings and tolerances: docs/verification.md", f"Next: {show}")


def _write(path: Path, results: list[Result]) -> None:
    from sim.verification.page import of_results

    path.write_text(of_results(results), encoding="utf-8", newline="\n")
    print(f"wrote {path}", file=sys.stderr)


def _as_json(results: list[Result], quick: bool) -> dict[str, Any]:
    """One object: every row with its claims, and what failed or was skipped."""
    rows = []
    for result in results:
        row = result.row
        values = result.obtained or (None,) * len(row.claims)
        claims = [
            {
                "what": claim.what,
                "basis": claim.basis,
                "expected": claim.expected,
                "obtained": _finite(value),
                "tolerance": claim.allowed(quick),
                "verdict": verdict,
            }
            for claim, value, verdict in zip(row.claims, values, result.verdicts, strict=True)
        ]
        about = {name.lower(): row.section(name) for name in ("Source", "Setting", "Tolerance")}
        rows.append(
            {
                "id": row.id,
                "title": row.title,
                **about,
                "verdict": result.verdict,
                "reason": result.reason,
                "seconds": round(result.seconds, 3),
                "claims": claims,
            }
        )
    by_verdict = {word: [row["id"] for row in rows if row["verdict"] == word] for word in ("FAIL", "skipped")}
    return {
        "ok": not by_verdict["FAIL"],
        "quick": quick,
        "failed": by_verdict["FAIL"],
        "skipped": by_verdict["skipped"],
        "seconds": round(sum(r.seconds for r in results), 3),
        "rows": rows,
    }


def _finite(value: Any) -> Any:
    """JSON has no infinity and no nan."""
    return None if isinstance(value, float) and value - value != 0 else value

"""`sim new NAME --from SCENARIO`: a commented scenario file to start from, in the current folder.

The file inherits; beside a title it holds examples, commented out, made from the scenario it starts from. They pass
`check` as they stand: take away the `#|` of one and run.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sim.calendar import format_month
from sim.cli.arguments import Refusal, add_json, add_scenario_dir, parse, parser, print_json, words_of
from sim.cli.main import program
from sim.cli.new_states import More, counterfactual, told, with_states
from sim.cli.terminal import clean
from sim.resources import NOT_SCENARIOS
from sim.wording import listing

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")


def main(argv: list[str]) -> int:
    """Write the file."""
    about = "Start a scenario of your own: a commented file NAME.yaml in the current folder that inherits from another one."
    to = parser(
        "new",
        about,
        {
            "my_scenario --from sco_expansion": "writes ./my_scenario.yaml",
            "quiet_border --from no_ceasefire_2021": "from a counterfactual",
            "baltic --from nordic_nato --states EST,LVA,LTU": "with three states more",
            "north --world atlas_2025 --states region:nordic,RUS": "from a starting world alone",
        },
    )
    to.add_argument("name", metavar="NAME", help="a plain name: letters, digits, _ and -")
    to.add_argument("--from", dest="parent", metavar="SCENARIO", help="what to start from; default: baseline")
    to.add_argument("--world", metavar="W", help="start from a world and nothing else")
    to.add_argument("--states", metavar="WORDS", help="states to add, or to take of --world: FIN,region:nordic,-TJK")
    add_scenario_dir(to)
    add_json(to)
    args = parse(to, argv)
    if args is None:
        return 0
    name = args.name.removesuffix(".yaml")
    target = Path(f"{name}.yaml")
    if not _NAME.match(name) or name in NOT_SCENARIOS:
        raise Refusal(f"{args.name!r} cannot be a scenario's name: use letters, digits, _ and -, such as my_scenario")
    if target.exists():
        raise Refusal(f"{target} exists already and is left as it is; choose another name, or edit it")
    if args.world and args.parent:
        raise Refusal("give one of --from SCENARIO and --world W")
    if args.world:
        return _of_world(name, target, args)
    args.parent = args.parent or "baseline"
    from sim import scenario
    from sim.cli.editor import line, write_schema

    folder = Path(args.scenario_dir) if args.scenario_dir else None
    if name in scenario.names(folder):
        raise Refusal(f"there is a scenario called {name!r} already; choose another name")
    if "/" in args.parent or args.parent.endswith((".yaml", ".yml")):
        _beside(args.parent)
    story = scenario.read(args.parent, scenario_dir=folder)
    more = with_states(story, args.states, folder) if args.states else None
    other = Path(f"{name}_{more.other}.yaml") if more and more.other else None
    if other and other.exists():
        raise Refusal(f"{other} exists already and is left as it is; choose another name")
    try:
        schema = write_schema(Path(), story.name, None, folder)
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write((f"{line(schema)}\n" if schema else "") + text(name, story, more))
        if more and other:
            other.write_text(counterfactual(name, more), encoding="utf-8", newline="\n")
    except OSError as error:
        raise Refusal(f"cannot write {target}: {error.strerror}") from None
    if args.json:
        about = {"file": str(target.resolve()), "name": name, "from": story.name}
        about |= {"states": list(more.states), "counterfactual": str(other.resolve()) if other else None} if more else {}
        print_json(about | {"schema": str(Path(schema).resolve()) if schema else None})
        return 0
    if more:
        print(*told(name, story.name, more), sep="\n")
        return 0
    option = f" --scenario-dir {folder}" if folder else ""
    print(f"wrote {target}: {story.name} with nothing changed yet")
    print("Open it in an editor and follow its comments.")
    if schema:
        print(f"An editor that speaks to yaml-language-server completes words from {schema}.")
    print(f"Next: {program()} check ./{target}{option}")
    return 0


def _beside(parent: str) -> None:
    """A file inherits by plain name from the folder it is in; another folder would not be found again."""
    path = Path(parent)
    if path.parent.resolve() != Path.cwd().resolve():
        where = f"go to {path.parent} first, or give a plain name and --scenario-dir {path.parent}"
        raise Refusal(f"{parent} is in another folder, where a scenario in this one would not find it: {where}")


def _of_world(name: str, target: Path, args: Any) -> int:
    """A scenario that begins with a world and nothing else."""
    from sim.worlds import files, first_scenario

    words = words_of(args.states or "")
    world = files.checked(args.world, files.folders(args.scenario_dir), words)
    try:
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(first_scenario.text(name, world, words, program()))
    except OSError as error:
        raise Refusal(f"cannot write {target}: {error.strerror}") from None
    if args.json:
        print_json({"file": str(target.resolve()), "name": name, "world": args.world})
        return 0
    print(f"wrote {target}: {len(world.tables.states)} states of {args.world}, nothing happens yet")
    print(f"Next: {program()} check ./{target}", f"      {program()} run scenario=./{target}", sep="\n")
    return 0


def text(name: str, story: Any, more: More | None = None) -> str:
    """The text of a new scenario that inherits from `story`, or from it with `more` states; examples are commented out with
    `#| `."""
    start, end = format_month(story.start), format_month(story.end - 1)
    middle = format_month((story.start + story.end) // 2)
    states = [row["code"] for row in story.tables.states]
    pair = next((list(pair) for pair in story.watch), states[:2])
    examples = [
        *_event_examples(story, middle),
        *_new_event(pair, middle),
        *_parameter_examples(story),
        *([] if more else _state_examples(story)),
        *_actor_examples(story),
        *_limit_examples(story),
    ]
    run = program()
    title = name.replace("_", " ").replace("-", " ").capitalize()
    question, baseline = f"What changes against {story.name}?", story.name
    if more:
        title, question = f"{story.title}, with {listing(list(more.added) or ['fewer states'])}", story.question
        baseline = f"{name}_{more.other}" if more.other else story.name
    head = f"""# {name}: starts from {story.name} and changes only what is written here.
#
#   {run} show ./{name}.yaml               what it changes, and what will happen
#   {run} check ./{name}.yaml              every mistake, with line and column
#   {run} run scenario=./{name}.yaml       simulate it
#
# Lines that begin with #| are examples: take the two characters and the space away and they hold. Mappings (events,
# parameters) are merged with those of {story.name}; lists (a schedule, parties) replace them; null removes one entry.

defaults: [{story.name}, _self_]

title: {_quoted(title)}
question: {_quoted(question)}  # one sentence with a question mark; every output shows it
baseline: {baseline}  # compare with this one
{more.lists() if more else ""}
# The months simulated, both included.
#| start: "{start}"
#| end: "{end}"
"""
    return head + "".join(f"{line}\n" if line else "\n" for line in examples)


def _quoted(words: str) -> str:
    return '"' + clean(words).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _event_examples(story: Any, middle: str) -> list[str]:
    """Move one inherited event, remove another."""
    lines = ["", "# Events. Those inherited are:"]
    width = max((len(key) for key in story.events), default=0)
    for key, event in story.events.items():
        lines.append(f"#   {key:<{width}}  {event.get('on', 'without a date'):<10}  {clean(event.get('title') or '')}")
    dated = [
        key
        for key, event in story.events.items()
        if "on" in event and "until" not in event and event["type"] not in ("join", "leave")
    ]
    lines += [
        "#",
        "# A counterfactual is one line. Every fact carries a source; `sources` below gives the reference.",
        "#| events:",
    ]
    if dated:
        lines.append(f'#|   {dated[-1]}: {{on: "{middle}"}}  # the same event, another month')
    if len(dated) > 1:
        lines.append(f"#|   {dated[0]}: null  # without this event")
    return lines


def _new_event(pair: list[str], middle: str) -> list[str]:
    """An event of one's own."""
    return [
        "#|   my_agreement:  # a new one; what there is: " + program() + " list events",
        "#|     type: agreement",
        "#|     title: An agreement of mine",
        f'#|     on: "{middle}"',
        f"#|     parties: [{', '.join(pair)}]",
        "#|     depth: 0.3",
        "#|     source: my_source",
        "#|     basis: A  # P published, D estimated from data, R read from a dataset, A assumed, M from memory",
        "#| sources:",
        '#|   my_source: "Author, title, place, date. https://example.org/page"',
    ]


def _parameter_examples(story: Any) -> list[str]:
    """A parameter as a number and as a distribution, within its bounds."""
    from sim import mechanisms

    lines = ["", f"# Parameters; all of them, with bounds and meaning: {program()} list parameters", "#| parameters:"]
    shown = 0
    for mechanism in ("trust", "insurgency", *story.schedule):
        if shown == 2 or mechanism not in story.schedule or f"#|   {mechanism}:" in lines:
            continue
        for info in mechanisms.all_parameters()[mechanism]:
            number = isinstance(info.default, (int, float)) and not isinstance(info.default, bool)
            if not number or not info.default or info.problem(info.default * 1.5) or info.problem(info.default * 0.5):
                continue
            low, high = f"{info.default * 0.5:.4g}", f"{info.default * 1.5:.4g}"
            value = high if shown == 0 else f"{{uniform: [{low}, {high}]}}"
            note = f"default {info.default:g}" if shown == 0 else "drawn once per replicate: parameter uncertainty"
            lines += [f"#|   {mechanism}:", f"#|     {info.name}: {value}  # {note}"]
            shown += 1
            break
    return lines if shown else []


def _state_examples(story: Any) -> list[str]:
    """Another number for a state."""
    largest = max(story.tables.states, key=lambda row: row.get("capability") or 0)
    value = f"{(largest.get('capability') or 0.01) * 0.9:.3g}"
    return [
        "",
        "# States: another number for one; `XYZ: null` removes a state, with all that names it.",
        "#| states:",
        f"#|   {largest['code']}: {{capability: {value}}}  # share of the world's material power",
    ]


def _actor_examples(story: Any) -> list[str]:
    """Another strength for a non-state actor, and another observer."""
    if not story.tables.actors:
        return []
    actor, observer = story.tables.actors[0]["code"], story.tables.states[-1]["code"]
    return [
        "",
        "# Non-state actors: fighters at the start, foreign effort, and by state the bias with which it counts them.",
        "#| actors:",
        f"#|   {actor}: {{strength: {{uniform: [1000, 3000]}}, bias: {{{observer}: 2}}}}",
    ]


def _limit_examples(story: Any) -> list[str]:
    """The limits it inherits, to be replaced."""
    return [
        "",
        "# Known limits: what a reader must know before quoting a number. Inherited until you write a list of your own:",
        "#| limits:",
        *(f"#|   - {_quoted(limit)}" for limit in story.limits or ["What this scenario leaves out."]),
    ]

"""A plan is what its id says, in every part, or it is refused with the part that differs."""

from __future__ import annotations

import json
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.results import ResultsError
from sim.sweep import Plan, SweepError, perform
from sim.sweep.job import Job
from tests.unit.sweep.plans import gains, plan, point, tampered


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """Three rows, of which the last is the first run again."""
    return plan(tmp_path_factory.mktemp("three"), [point(gain) for gain in (*gains(2), gains(1)[0])])


@pytest.fixture
def copy(three, tmp_path):
    folder = tmp_path / "results" / "sweeps" / three.id
    shutil.copytree(three.folder, folder)
    return folder


def head(folder, **changed):
    path = folder / "plan.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changed))


def test_a_plan_is_what_it_was(three, copy):
    assert Plan.open(copy).head == three.head
    assert list(Plan.open(copy).jobs()) == list(three.jobs())
    assert len(three.head["id"]) == 12 and three.id == three.folder.name


@pytest.mark.parametrize("part", ["axes", "design", "outcomes", "at", "samples", "sample_seed", "jobs", "runs"])
def test_a_changed_head_is_refused(copy, part):
    other = {
        "axes": [{"key": "seed"}],
        "design": "lhs",
        "outcomes": "all",
        "at": ["2015-03"],
        "samples": 7,
        "sample_seed": 9,
        "jobs": 2,
        "runs": 3,
    }
    head(copy, **{part: other[part]})
    what = "jobs.jsonl has" if part in ("jobs", "runs") else "plan.json was changed"
    with pytest.raises(SweepError, match=rf"not the plan that its id names: {what}.*clean --sweep {copy.name}"):
        Plan.open(copy)


def test_what_only_tells_is_not_in_the_id_and_is_checked(three, copy, tmp_path):
    again = plan(tmp_path / "other", [point(gain) for gain in (*gains(2), gains(1)[0])], command="other")
    assert (again.id, again.head["command"]) == (three.id, "other")
    head(copy, command="another")  # by nobody who wrote a plan
    with pytest.raises(SweepError, match=r"plan.json was changed"):
        Plan.open(copy)


def test_changed_missing_and_moved_parts_are_named(copy):
    story = next((copy / "stories").iterdir())
    text = story.read_bytes()
    story.write_bytes(text.replace(b"2015", b"2016", 1))
    with pytest.raises(SweepError, match=rf"stories/{story.stem}.json was changed"):
        Plan.open(copy)
    story.unlink()
    with pytest.raises(SweepError, match=rf"stories/{story.stem}.json cannot be read"):
        Plan.open(copy)
    story.write_bytes(text)
    other = copy.rename(copy.with_name("0123456789ab"))
    with pytest.raises(SweepError, match="by its content its id is"):
        Plan.open(other)
    (other / "jobs.jsonl").unlink()
    with pytest.raises(SweepError, match=r"jobs\.jsonl cannot be read"):
        Plan.open(other)


@pytest.mark.parametrize("fitting", [False, True])
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows.pop(), "jobs.jsonl has 2 of the 3 rows|its id is"),
        (lambda rows: rows.append(rows[0] | {"number": 4}), "jobs.jsonl has 4 of the 3 rows|its id is"),
        (lambda rows: rows.reverse(), ":1: number and first are 3 and 1, and this is row 1"),
        (lambda rows: rows[2].update(first=3), ":3: number and first are 3 and 3, and this is row 3 with the run of row 1"),
        (lambda rows: rows[1].update(first=1), ":2: number and first are 2 and 1"),
        (lambda rows: rows[1].update(values={"parameters.trust.gain": 0.5}), "jobs.jsonl was changed|its id is"),
        (lambda rows: rows[1].update(overrides=["seed=2"]), "jobs.jsonl was changed|its id is"),
        (lambda rows: rows[1]["options"].update(replicates=3), "jobs.jsonl was changed|its id is"),
        (lambda rows: rows[1].update(changes=[]), "jobs.jsonl was changed|its id is"),
    ],
)
def test_changed_rows_are_refused(copy, change, said, fitting):
    """Also where whoever changed them computed the digests in plan.json again."""
    tampered(copy, change, fitting)
    with pytest.raises(SweepError, match=said):
        Plan.open(copy)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("number", True, "number: True is not a whole number from 1"),
        ("key", "../../x", "key: '../../x' is not the digest of a run"),
        ("story", "../../../etc/passwd", "story: '../../../etc/passwd' is not the digest"),
        ("scenario", "../../etc", "a scenario cannot be called '../../etc'"),
        ("scenario", "sweeps", "a scenario cannot be called 'sweeps'"),
        ("scenario", 5, "scenario: 5 is not a scenario's name"),
        ("changes", [[["a", 1], 2]], "changes: .* is not a list of"),
        ("changes", [[[]]], "changes: .* is not a list of"),
        ("options", {"_target_": "os.system"}, "options: .* is not a mapping with seed"),
        ("options", {"replicates": 10**9}, "options.replicates: 1000000000 is not allowed.* from 1 to 1,000,000"),
        ("options", {"behaviours": {"CHN": "x.py:X"}}, "options.behaviours.CHN: is no behaviour"),
        ("values", {"a": [1]}, "values: .* is not a mapping of axes"),
        ("overrides", "seed=1", "overrides: 'seed=1' is not a list of words"),
        ("first", 9, "first: 9 is not a row from 1 to 2"),
        ("more", 1, "is no job, .* missing or unknown: 'more'"),
    ],
)
def test_a_job_of_another_kind_is_refused_with_line_and_key(copy, key, value, said):
    tampered(copy, lambda rows: rows[1].update({key: value}), fitting=True)
    with pytest.raises(SweepError, match=rf"jobs\.jsonl:2: {said}"):
        Plan.open(copy)


@pytest.mark.parametrize(
    "line", [b"", b"{", b"7", b"null", b"[" * 200_000, b'{"number": NaN}', b"\xff", b'{"a":' * 500 + b"1" + b"}" * 500]
)
def test_a_line_that_is_no_job_is_refused_with_its_place(line):
    with pytest.raises(SweepError, match=r"^jobs\.jsonl:5"):
        Job.read(line, "jobs.jsonl:5")


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_no_job_is_a_traceback(three, data):
    row = json.loads(next(three.jobs()).line())
    row[data.draw(st.sampled_from(sorted(row)))] = data.draw(ANY)
    try:
        job = Job.read(json.dumps(row).encode(), "jobs.jsonl:1")
    except SweepError:
        return
    if job.changes != row["changes"] or job.story == next(three.jobs()).story:
        done = perform(three, job)
        assert done.status in ("done", "failed")


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([[["end"], 10**9]], "a run has 1 to 1200 months"),
        ([[["end"]]], "missing or unknown: 'end'"),
        ([[["schedule"], {"(tuple)": ["..cli.main"]}]], "its schedule is"),
        ([[["schedule", "x"], 1]], "its story is no scenario"),
        ([[["tables"], 5]], "the tables of a world has"),
        ([[["tables", "states"], [{"code": "CHN"}]]], "tables.states is no list of rows"),
        ([[["parameters"], {"(distribution)": ["os.system", 1]}]], "'os.system' is not a distribution"),
        ([[["parameters"], {"(distribution)": 5}]], "its story is no scenario"),
        ([[["file"], ["x"]]], "its spec is no mapping, or its file no text"),
        ([[[], 5]], "a scenario has name"),
    ],
)
def test_changes_that_make_no_scenario_are_a_failed_run(three, steps, said):
    job = json.loads(next(three.jobs()).line()) | {"changes": steps}
    done = perform(three, Job.read(json.dumps(job).encode()), force=True)
    assert done.status == "failed"
    assert said in done.error and "jobs.jsonl:1" in done.error


@pytest.mark.parametrize("text", ["{", "7", "[" * 200_000, "{}", '{"id": 5}'])
def test_a_head_that_is_none_is_refused(copy, text):
    (copy / "plan.json").write_text(text)
    with pytest.raises(SweepError, match=r"is damaged: .*plan\.json.*clean --sweep"):
        Plan.open(copy)


def test_a_head_of_another_form_is_refused_with_its_key(copy):
    before = (copy / "plan.json").read_text()
    for changed, said in [
        ({"runs": "2"}, "runs: '2' is not how many"),
        ({"axes": {"key": 1}}, "axes: .* is not a list"),
        ({"more": 1}, "'more' is not a key of a plan"),
        ({"digests": {}}, "digests: {} is"),
    ]:
        (copy / "plan.json").write_text(before)
        head(copy, **changed)
        with pytest.raises(SweepError, match=said):
            Plan.open(copy)


def test_the_same_sweep_is_the_same_plan_wherever_its_scenario_lies(three, tmp_path):
    assert plan(tmp_path, [point(gain) for gain in (*gains(2), gains(1)[0])]).id == three.id
    assert plan(tmp_path, [point(gain) for gain in gains(2)]).id != three.id
    assert b'"file":null' in next((three.folder / "stories").iterdir()).read_bytes()


def test_a_table_names_no_run_outside_its_results(three):
    from sim.sweep.folder import Sweep

    sweep = Sweep(three.folder, dict(three.head))
    assert sweep.folder_of("baseline/0123456789ab") == three.root / "baseline" / "0123456789ab"
    for name in ("../x", "/etc", "baseline/../../x", "C:\\x", "\\\\host\\share", "", 5, "a\0b"):
        with pytest.raises(ResultsError, match="is not a folder inside"):
            sweep.folder_of(name)

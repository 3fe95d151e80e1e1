// node --test: the page's modules by themselves, against numbers and words from elsewhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fixed, monthName, monthText, notNothing, number, parseMonth, percent, short, typeset } from "../../sim/workbench/page/wording.js";
import { restsOn } from "../../sim/workbench/page/sliders.js";
import { direction, effectOf, quantiles, studentQuantile, studentTail } from "../../sim/workbench/page/statistics.js";
import { cautions, differenceOf, digitsOfLevels, putIn, turnOf, turnSaid } from "../../sim/workbench/page/answer.js";
import { actionsOf, assumptionsApart, headed, shortlySaid, storyNames } from "../../sim/workbench/page/changes.js";
import { layOut, readBlock, stretch, writeBlock } from "../../sim/workbench/page/block.js";
import { displacedBy, displacedSaid } from "../../sim/workbench/page/event_order.js";
import { presetsOf } from "../../sim/workbench/page/presets.js";
import { checkNumber } from "../../sim/workbench/page/event_check.js";
import { yamlOf } from "../../sim/workbench/page/yaml.js";

const near = (value, wanted, most = 1e-12) => assert.ok(Math.abs(value - wanted) <= most * Math.abs(wanted), `${value} is not ${wanted}`);

test("numbers are formatted as Python formats them, ties to even", () => {
  for (const [value, digits, wanted] of [[0.0625, 3, "0.062"], [0.1875, 3, "0.188"], [2.5, 0, "2"], [3.5, 0, "4"], [-0.0625, 3, "-0.062"], [1.005, 2, "1.00"], [0.3, 20, "0.29999999999999998890"]]) {
    assert.equal(fixed(value, digits), wanted);
  }
  assert.deepEqual([number(-0.0001), number(1234567.891, 1), number(NaN), number(0.5, 2, true)], ["0.000", "1,234,567.9", "-", "+0.50"]);
  assert.deepEqual([notNothing(0.0001), notNothing(-0.0001), notNothing(0)], ["+<0.001", "-<0.001", "0.000"]);
  assert.deepEqual([0, 0.001, 0.5, 0.999, 1].map(percent), ["0 %", "<1 %", "50 %", ">99 %", "100 %"]);
  assert.deepEqual([short(0.1 + 0.2), short(1e6), short(0.00001), short(120)], ["0.3", "1e+06", "1e-05", "120"]);
});

test("months are those of the calendar", () => {
  assert.equal(parseMonth("2017-06-09"), 12 * 2017 + 5);
  assert.equal(monthText(12 * 2017 + 5), "2017-06");
  for (const bad of ["2017", "2017-13", "2017-02-29", "17-01", 2017, null, "2017-6"]) assert.equal(parseMonth(bad), null);
  assert.equal(parseMonth("2016-02-29"), 12 * 2016 + 1);
});

test("Student's t is that of the tables", () => { // scipy.special: stdtrit(df, .95), stdtr(df, -t)
  near(studentQuantile(199, 0.95), 1.6525467461665633);
  near(studentQuantile(7, 0.95), 1.8945786050900062);
  near(studentQuantile(1, 0.95), 6.313751514675043);
  near(studentTail(10, 2), 0.03669401738537018);
  near(studentTail(199, 5), 6.273696626250432e-7);
});

test("an effect counts what is known", () => {
  const effect = effectOf(Float64Array.of(1, 2, NaN, 3, 0));
  assert.deepEqual([effect.count, effect.mean, effect.above, effect.same], [4, 1.5, 0.75, 0.25]);
  assert.equal(direction(effect), "");
  assert.equal(direction(effectOf(Float64Array.from({ length: 30 }, (_, k) => 1 + k / 100))), "higher");
  assert.deepEqual(quantiles([3, 1, 2, NaN], [0, 0.5, 1]), [1, 2, 3]);
  assert.ok(quantiles([], [0.5]).every(Number.isNaN));
});

test("what a changed event sets itself is said", () => {
  const data = { cores: { east: ["RUS", "CHN"], west: ["USA"] } };
  const events = [{ title: "A break, of 2022", raw: { type: "shock", variable: "trust", between: [["RUS"], ["USA", "FRA"]] } }, { title: "A pact", raw: { type: "tie", parties: ["RUS", "USA"] } }];
  assert.deepEqual(putIn(data, events, "trust", "USA>RUS"), ["A break"]);
  assert.deepEqual(putIn(data, events, "alignment", "FRA"), ["A break"]);
  assert.deepEqual([putIn(data, events, "trust", "USA>CHN"), putIn(data, events, "cooperation", "RUS")], [[], []]);
  assert.match(cautions({ unlikeStart: true, members: ["SCO"], subject: "SCO", putIn: ["A", "B"], measure: "trust" }).join(" "), /begin alike.*other members.*A and B sets this trust/);
});

test("a block that is written is read", () => {
  const sections = [{ name: "a", dtype: "<f8" }, { name: "b", dtype: "|i1" }, { name: "c", dtype: "<u8" }];
  const parts = { a: { rows: 2, each: 3, data: Float64Array.of(1, 2, 3, 4, 5, NaN) }, b: { rows: 1, each: 1, data: Int8Array.of(-1) }, c: { rows: 1, each: 2, data: BigUint64Array.of(1n, 2n ** 64n - 1n) } };
  const block = writeBlock({ magic: "ENTPLAN\0", version: 1, digest: "18446744073709551615" }, sections, parts);
  assert.equal(block.byteLength % 64, 0);
  assert.deepEqual(readBlock(block, sections), parts);
  assert.ok(layOut(sections, parts).offsets.every((offset) => offset % 64 === 0));
});

test("a stretch cuts what has a row a replicate", () => {
  const part = (rows, ...data) => ({ rows, each: data.length / rows, data: Float64Array.from(data) });
  const parts = { counts: { rows: 1, each: 1, data: Int32Array.of(3) }, replicate: { rows: 1, each: 1, data: BigUint64Array.of(0n) }, parameters: part(3, 1, 2, 3), threat: part(3, 0, 0, 0), event_table: part(3, 7, 8, 9) };
  const { parts: cut, differ } = stretch(parts, 1, 2, { replicates: 0 }, ["threat"]);
  assert.ok(differ);
  assert.deepEqual([...cut.parameters.data], [2, 3]);
  assert.deepEqual([cut.threat.rows, cut.event_table.rows, cut.counts.data[0], cut.replicate.data[0]], [2, 3, 2, 1n]);
});

test("a number outside its bounds is said in the reader's words", () => {
  const said = [];
  checkNumber(3, 0, 1, { what: "a share" }, (text) => said.push(text));
  checkNumber("x", 0, 1e6, { above: true }, (text) => said.push(text));
  checkNumber(1.5, 1, 120, { whole: true }, (text) => said.push(text));
  assert.deepEqual(said, ["3 is outside its bounds; allowed: numbers from 0 to 1, a share", "'x' is not a number; allowed: numbers above 0 up to 1,000,000", "1.5 is not a whole number; allowed: whole numbers from 1 to 120"]);
});

test("a file holds any text and any number", () => {
  const data = { version: "0", question: 'Why: "this" # that?', stories: [{ name: "base" }], slots: [{ key: "added_1" }] };
  const edits = { events: { one: { off: true } }, added: [{ slot: 0, raw: { type: "shock", title: "a\nb: \u2028 ' {", add: 1e-7 }, assumed: false }], parameters: { "trust.gain": 0.007 }, start: { "states.IND.capability": 1e21 } };
  const text = yamlOf(data, edits, { place: 0, actions: true, assumptions: true }, { title: "yes", question: "no?" });
  for (const line of ['title: "yes"', "  one: null", '    title: "a\\nb: \\u2028 \' {"', "    add: 1.0e-7", "    gain: 0.007", "    capability: 1.0e+21"]) assert.ok(text.split("\n").includes(line), line);
});

const CHANGED = { stories: [{ name: "base", events: [] }, { name: "other" }], slots: [], parameters: [{ key: "trust.gain", value: 0.003 }, { key: "trust.loss", value: 0.02 }], begin: { numbers: [{ key: "states.IND.capability", value: 0.1 }] } };
const editsWith = (more) => ({ events: {}, added: [], parameters: {}, start: {}, both: true, ...more });

test("a story is as written only where nothing of it is changed", () => {
  const event = { slot: 0, raw: { type: "shock", title: "Trust", on: "2015-01" }, assumed: true };
  for (const [edits, against, wanted] of [
    [editsWith({}), 0, "base as written"], [editsWith({ events: { one: { off: true } } }), 0, "base as written"],
    [editsWith({ parameters: { "trust.gain": 0.008 }, both: false }), 0, "base as written"],
    [editsWith({ parameters: { "trust.gain": 0.008 } }), 0, "base with no event changed and 1 assumption changed for both"],
    [editsWith({ parameters: { "trust.gain": 0.008 }, start: { "states.IND.capability": 0.2 }, added: [event] }), 1, "other with 3 assumptions changed for both"],
  ]) assert.deepEqual(storyNames(CHANGED, edits, against), ["your story", wanted]);
});

test("assumptions that were others when a run was kept are named, with what they are now", () => {
  const apart = (one, other) => assumptionsApart(CHANGED, editsWith(one), editsWith(other));
  assert.deepEqual(apart({ events: { one: { off: true } } }, {}), []);
  assert.deepEqual(apart({}, { parameters: { "trust.gain": 0.008 } }), ["trust.gain 0.003 (now 0.008)"]);
  assert.deepEqual(apart({ parameters: { "trust.gain": 0.008, "trust.loss": 0.01 } }, { parameters: { "trust.gain": 0.009 } }), ["trust.gain 0.008 (now 0.009)", "trust.loss 0.01 (now 0.02)"]);
  assert.deepEqual(apart({ parameters: { "trust.gain": 0.008 } }, { parameters: { "trust.gain": 0.008 }, both: false }), ["in both stories (now in yours alone)"]);
  assert.deepEqual(apart({ added: [{ slot: 2, raw: { type: "shock" }, assumed: true }] }, {}), ["shock (added_3) is not there now"]);
});

// Differences by replicate at bounds 0, 1, 2, ...: their means are these, and they spread by so much.
const spreading = (means, spread, count = 40) => Array.from({ length: count }, (_, r) => Float64Array.from(means, (mean) => mean + spread * ((r % 5) - 2)));
const turned = (means, spread) => {
  const bounds = means.map((_, k) => k), start = 12 * 2020, zero = { bounds, rows: spreading(means.map(() => 0), 0) };
  const d = differenceOf({ bounds, rows: spreading(means, spread) }, zero, start, { first: start, last: start + means.length - 2 });
  return turnOf(d, bounds, start, start);
};

test("where the sign turns is said with both sides and their intervals", () => {
  const turn = turned([0, -2, -4, -4, 0, 1, 3, 3], 0.1);
  assert.equal(monthName(turn.month), "May 2020");
  assert.deepEqual(turn.sides.map(({ mean }) => Math.round(100 * mean) / 100), [-2.5, 2.33]);
  const [lead, rest] = turnSaid(turn, 1);
  assert.equal(lead, "The sign turns in May 2020:");
  assert.match(rest, /^lower from January 2020 to April 2020 \(-2\.5 on average, 90 % interval -2\.\d to -2\.\d\), higher from May 2020 to July 2020 \(\+2\.3 .*; \+3\.0 at the end\.$/);
});

test("a difference that keeps its side does not turn, and one that only touches the other does not clearly", () => {
  assert.equal(turned([0, 1, 2, 2, 3], 0.1), null);
  assert.equal(turned([0, 0, 0, 0], 0), null);
  assert.deepEqual(turnSaid(turned([0, 0.1, -0.1, 0.1, -0.1], 1), 1), ["", ""]);
  const [lead, rest] = turnSaid(turned([0, 4, 4, 4, -0.1], 1), 1);
  assert.equal(lead, "");
  assert.match(rest, /^The mean difference crosses zero in April 2020, but in April 2020 it is not clearly on the other side/);
  assert.deepEqual(turnSaid({ ...turned([0, -2, 3], 0.1), sides: [effectOf(Float64Array.of(1)), effectOf(Float64Array.of(-1))] }, 1), ["", ""]);
});

test("a file of a changed story says so", () => {
  const { title, question } = headed("The SCO grows", ["without India", "trust.gain 0.008 in place of 0.003"]);
  assert.equal(title, "The SCO grows, changed: without India; trust.gain 0.008 in place of 0.003");
  assert.match(question, /^What changes in "The SCO grows" by this: without India; /);
  assert.equal(headed("A", ["x".repeat(200), "y"]).title, "A, changed: 2 changes");
});

test("no line breaks within a date or before a percent sign, and a basis is said once", () => {
  assert.equal(typeset("by -0.0050 in <1 %, from May 2017"), "by \u22120.0050 in <1\u00a0%, from May\u00a02017");
  assert.deepEqual([["assumed", ""], ["assumed", "assumed; sweep 0 to 1"], ["published", "Most and Starr (1989)"]].map(([basis, source]) => restsOn({ basis, source })), ["assumed", "assumed; sweep 0 to 1", "published: Most and Starr (1989)"]);
});

// Two efforts against one actor, one against another, two values of a power, a parameter that is set twice.
const KINDS = { intervention: { variables: {} }, set: { variables: { capability: { array: "" }, affinity: { array: "" } } }, tie: { variables: {}, puts: "tie" } };
const event = (key, title, on, raw) => ({ key, title, type: raw.type, on, until: raw.until ?? null, imposed: false, raw: { on, ...raw } });
const ORDER = {
  start: 12 * 2015, steps: 132, types: KINDS, states: ["A", "B", "C"], actors: ["ISK", "TTP"], organisations: [], hosts: { ISK: "A", TTP: "A" }, parameters: [], slots: [{ key: "added_1" }, { key: "added_2" }],
  stories: [{ events: [
    event("leaves", "Withdrawal", "2021-08-30", { type: "intervention", actor: "ISK", effort: 0 }),
    event("acts", "Operations", "2023-02", { type: "intervention", actor: "ISK", effort: { A: 1.1 } }),
    event("others", "Raids", "2022-01", { type: "intervention", actor: "TTP", effort: 1 }),
    event("falls", "Fall", "2018-01", { type: "set", variable: "capability", states: ["A", "B"], value: 0.1 }),
    event("rises", "Rise", "2019-01", { type: "set", variable: "capability", states: ["B", "C"], value: 0.2 }),
    event("slow", "Slow", "2016-01", { type: "set", parameter: "trust.gain", value: 0.1 }),
    event("fast", "Fast", "2017-01", { type: "set", parameter: "trust.gain", value: 0.2 }),
    event("pact", "Pact", "2016-06", { type: "tie", parties: ["A", "B"], level: "defence" }),
    event("end", "Its end", "2020-06", { type: "tie", parties: ["A", "B"], level: "none" }),
  ] }],
};
const ordered = (events, added = []) => displacedBy(ORDER, editsWith({ events, added })).map((pair) => displacedSaid(pair));
const alongOf = (events) => displacedBy(ORDER, editsWith({ events })).map(({ along }) => along && [along.key, monthText(along.on), along.fits]);

test("an event that a move puts behind one that sets the same takes its place, and says so", () => {
  const late = { leaves: { on: "2023-08" } };
  assert.deepEqual(ordered({}), []);
  assert.deepEqual(ordered(late), ["Withdrawal (August 2023) now takes the place of Operations (February 2023), which sets the same: of several the latest counts."]);
  assert.deepEqual(alongOf(late), [["acts", "2025-02", true]]);
  assert.deepEqual(ordered({ ...late, acts: { on: "2025-02" } }), []);
  assert.deepEqual(ordered({ ...late, acts: { off: true } }), [], "what is off is displaced by nothing");
  assert.deepEqual(ordered({ leaves: { on: "2022-06" } }), [], "other actors, and the order as written");
  assert.deepEqual(ordered({ leaves: { on: "2023-02" } }), [], "in one month that of the later row counts, as written");
});

test("what moves along is the one that was moved less, as far as the story goes", () => {
  assert.deepEqual(alongOf({ acts: { on: "2021-02" } }), [["leaves", "2019-08", true]]);
  assert.deepEqual(alongOf({ leaves: { on: "2025-01" } }), [["acts", "2026-07", false]]);
  assert.match(ordered({ leaves: { on: "2025-01" } })[0], / Operations cannot move along: July 2026 is outside the story\.$/);
});

test("of values and ties the order counts, of parameters it does not, and what is over is displaced by nothing", () => {
  assert.deepEqual(ordered({ falls: { on: "2019-06" } }), ["Fall (June 2019) now takes the place of Rise (January 2019), which sets part of the same: of several the latest counts."]);
  assert.deepEqual(ordered({ slow: { on: "2018-01" } }), []);
  assert.deepEqual(ordered({ pact: { on: "2021-01" } }).length, 1);
  const over = { ...ORDER, stories: [{ events: ORDER.stories[0].events.map((one) => (one.key === "acts" ? { ...one, raw: { ...one.raw, until: "2023-05" } } : one)) }] };
  assert.deepEqual(displacedBy(over, editsWith({ events: { leaves: { on: "2023-08" } } })), []);
});

test("an added event takes places too, of the one before it alone", () => {
  const added = (on) => [{ slot: 0, raw: { type: "intervention", title: "Return", actor: "ISK", effort: 1, on }, assumed: false }];
  assert.deepEqual(ordered({}, added("2024-01")), ["Return (January 2024) takes the place of Operations (February 2023), which sets the same: of several the latest counts."]);
  assert.deepEqual(ordered({}, added("2022-01")).map((text) => text.split(",")[0]), ["Return (January 2022) takes the place of Withdrawal (August 2021)", "Operations (February 2023) takes the place of Return (January 2022)"]);
});

test("presets add to what is changed", () => {
  const data = { ...ORDER, parameters: [{ key: "trust.gain", value: 0.004 }], types: KINDS }, presets = presetsOf(data), edits = editsWith({ events: { leaves: { off: true }, others: { on: "2022-05" } }, parameters: { "trust.loss": 1 } });
  const [later] = presets.filter(({ name }) => name.includes("two years later"));
  later.change(edits);
  assert.deepEqual(edits.events.others, { on: "2022-05" });
  assert.equal(Object.values(edits.events).filter((one) => "off" in one && one.off !== true).length, 0);
  const [assumed] = presets.filter((one) => one.assumed);
  assert.equal(assumed.name, "trust slower to build: trust.gain at half, 0.002");
  assumed.change(edits);
  assert.deepEqual(edits.parameters, { "trust.loss": 1, "trust.gain": 0.002 });
});

test("what was done is said with its name first, and a kept run is called by it", () => {
  const edits = editsWith({ events: { leaves: { on: "2023-08" }, acts: { off: true } }, parameters: { "trust.gain": 0.008 } }), data = { ...ORDER, begin: { numbers: [] } };
  assert.deepEqual(actionsOf(data, edits), ["Withdrawal: August 2023 in place of August 2021", "Operations: off"]);
  assert.equal(shortlySaid(data, edits), "Withdrawal August 2023, Operations off and 1 more");
  assert.equal(shortlySaid(data, editsWith({})), "as written");
  assert.ok(shortlySaid(data, editsWith({ added: [{ slot: 0, raw: { type: "tie", title: "x".repeat(300) }, assumed: false }] })).length <= 80);
});

test("who subtracts the levels that are shown gets the difference that is shown", () => {
  assert.equal(digitsOfLevels([0.25014, 0.25106], -0.00092, 4), 5);
  assert.equal(digitsOfLevels([0.2510, 0.2458], 0.0052, 4), 4);
  assert.equal(digitsOfLevels([NaN, 0.2], NaN, 3), 3);
  for (let k = 0; k < 500; k++) {
    const [one, other] = [Math.sin(k), Math.sin(k) + Math.cos(7 * k) / 100], minus = one - other, digits = digitsOfLevels([one, other], minus, 3);
    const shown = Number(fixed(one, digits)) - Number(fixed(other, digits));
    assert.ok(Math.abs(shown - Number(fixed(minus, 3))) <= 0.00051 + 1e-12, `${one} ${other}`);
  }
});

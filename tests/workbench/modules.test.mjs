// node --test: the page's modules by themselves, against numbers and words from elsewhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fixed, monthText, notNothing, number, parseMonth, percent, short } from "../../sim/workbench/page/wording.js";
import { direction, effectOf, quantiles, studentQuantile, studentTail } from "../../sim/workbench/page/statistics.js";
import { cautions, putIn } from "../../sim/workbench/page/answer.js";
import { layOut, readBlock, stretch, writeBlock } from "../../sim/workbench/page/block.js";
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

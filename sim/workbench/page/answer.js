// The sentence of `compare`, checked against the numbers: sim/questions/compare/answer.py and difference.py in a page.

import { capital, fixed, listing, monthName, notNothing, number, percent, rounded, short, signed } from "./wording.js";
import { sidesOf } from "./event_row.js";
import { direction, effectOf, FEW, meanOf, quantiles, variance } from "./statistics.js";

const WHOLE = ["fighters", "states"];
/** Of what is told by this an answer is the mean since the two part. */
export const MEAN_UNIT = "share of months";
export const SIDES = /** @type {Record<string, number>} */ ({ bloc_none: 0, bloc_east: 1, bloc_west: 2 });

/**
 * @typedef {{bounds: number[], rows: Float64Array[]}} Series values by replicate at step bounds
 * @typedef {{first: number, last: number}} Span months, both counted
 */

/** What an answer about a measure is about: the end of a month; of a share of months, the mean since the two part.
 * @param {string} unit @param {number} start of the run @param {number} last month @param {number | null} parted
 * @param {number | null} at the month that was asked for @returns {Span} */
export function spanOf(unit, start, last, parted, at = null) {
  if (at !== null) return { first: at, last: at };
  if (unit !== MEAN_UNIT || parted === null) return { first: last, last };
  return { first: Math.min(Math.max(parted, start), last), last };
}

/** `at the end of December 2025`. @param {Span} span */
export const spanSaid = ({ first, last }) => first === last ? `at the end of ${monthName(last)}` : `on average from ${monthName(first)} to ${monthName(last)}`;

/** The difference of a series: at every bound, and what the answer is about.
 * @param {Series} a @param {Series} b @param {number} start month of the run @param {Span} span */
export function differenceOf(a, b, start, span) {
  const count = Math.min(a.rows.length, b.rows.length);
  const minus = Array.from({ length: count }, (_, r) => a.rows[r].map((value, k) => value - b.rows[r][k]));
  const within = a.bounds.map((bound) => start + bound - 1 >= span.first && start + bound - 1 <= span.last);
  const over = (/** @type {Float64Array[]} */ rows) => Float64Array.from({ length: count }, (_, r) => meanOf(rows[r].filter((_, k) => within[k])));
  const one = over(a.rows), other = over(b.rows);
  const both = one.map((value, r) => value - other[r]);
  const known = (/** @type {Float64Array} */ values) => values.filter(Number.isFinite);
  const spreads = [one, other].map((values) => variance(known(values)));
  const meanAt = (/** @type {Float64Array[]} */ rows, /** @type {number} */ k) => meanOf(known(Float64Array.from({ length: count }, (_, r) => rows[r][k])));
  const means = a.bounds.map((_, k) => meanAt(a.rows, k) - meanAt(b.rows, k));
  let peak = span.last, most = -1;
  means.forEach((mean, k) => {
    const size = within[k] && Number.isFinite(mean) ? Math.abs(mean) : -1;
    if (size > most) [most, peak] = [size, start + a.bounds[k] - 1];
  });
  return {
    minus, course: means, span, peak, effect: effectOf(both), means: [one, other].map((values) => meanOf(known(values))),
    over: [one, other, both], pairs: quantiles(both), noise: Math.sqrt((spreads[0] + spreads[1]) / 2),
  };
}

/** @typedef {ReturnType<typeof differenceOf>} Difference */

/** Decimals that show the interval of a difference. @param {Difference} d @param {string} unit */
export function digitsFor(d, unit) {
  if (WHOLE.includes(unit)) return 0;
  const spread = Math.max(...d.pairs.map(Math.abs), Math.abs(d.effect.mean), 1e-6);
  return Number.isFinite(spread) ? Math.min(6, Math.max(3, 1 - Math.floor(Math.log10(spread)))) : 3;
}

/** Decimals of two levels, such that who subtracts what is shown gets the difference that is shown.
 * @param {number[]} levels @param {number} difference @param {number} digits of the difference */
export function digitsOfLevels(levels, difference, digits) {
  const whole = (/** @type {number} */ value, /** @type {number} */ places) => Number(fixed(value, places).replace(".", ""));
  const shown = whole(difference, digits);
  if (!Number.isFinite(shown)) return digits;
  const fits = [0, 1].find((more) => {
    const [one, other] = levels.map((level) => whole(level, digits + more));
    return 2 * Math.abs(one - other - shown * 10 ** more) < 10 ** more;
  });
  return digits + (fits ?? 2); // there to a hundredth of the last digit
}

/** The ends of the interval of a mean, without signs where it has a side. @param {import("./statistics.js").Effect} effect @param {number} digits */
export function endsSaid(effect, digits) {
  const ends = [effect.low, effect.high].map((end) => notNothing(end, digits));
  if (!direction(effect)) return ends.join(" to ");
  return (effect.mean > 0 ? ends : ends.reverse()).map((end) => end.replace(/^[+-]+/, "")).join(" to ");
}

/** What the numbers say. @param {Parameters<typeof sentences>} about */
export const answer = (...about) => sentences(...about).join(" ");

/** The same, a sentence each, the answer first.
 * @param {Difference} d @param {{measure: string, unit: string, phrase: string, names: [string, string], replicates: number,
 *   cautions?: string[]}} about @returns {string[]} */
export function sentences(d, about) {
  const { measure, unit, phrase, names: [one, other], replicates } = about;
  const { effect, span } = d, when = spanSaid(span), digits = digitsFor(d, unit);
  if (!Number.isFinite(effect.mean)) return [`There is no value of ${phrase} ${when}.`];
  if (effect.same === 1) return [`No difference: in every pair ${phrase} is exactly the same ${when}, in ${one} and in ${other}.`];
  const mean = span.first !== span.last ? when : `on average ${when}`;
  const levels = d.means.map((value) => number(value, digitsOfLevels(d.means, effect.mean, digits))).join(" against ");
  if (replicates < FEW) {
    return [`${capital(phrase)} differs by ${signed(effect.mean, digits)} ${mean} (${one} minus ${other}, ${levels}); ` +
      `${replicates} pairs of replicates are too few for an interval.`];
  }
  return [lead(), size(), pairs(), ...(about.cautions ?? [])].filter(Boolean);

  function lead() {
    const side = direction(effect);
    const interval = `90 % interval of the mean ${endsSaid(effect, digits)}`;
    if (measure in SIDES) {
      const [share, theirs] = d.means.map(percent);
      const points = [effect.mean, effect.low, effect.high].map((x) => plus(Number(fixed(100 * x, 1))));
      const range = `${points[0]} points, 90 % interval ${points[1]} to ${points[2]}`;
      return `${capital(phrase)} in ${share} of the replicates of ${one} and ${theirs} of those of ${other} ${when}` +
        (side ? `: ${range}.` : `; no clear direction (${range}).`);
    }
    if (side) return `${capital(phrase)} is ${side} in ${one} than in ${other}, ${levels}: by ${number(Math.abs(effect.mean), digits)} ${mean} (${interval}).`;
    return `No clear direction: ${phrase} differs by ${signed(effect.mean, digits)} ${mean} (${one} minus ${other}, ${levels}; ${interval}).`;
  }

  function size() {
    if (!direction(effect) || !(d.noise > 0) || measure in SIDES) return "";
    const ratio = Math.abs(effect.mean) / d.noise;
    const said = ratio < 0.2 ? "Clear but small" : ratio < 0.8 ? "Clear and moderate" : "Clear and large";
    return `${said}: ${fraction(ratio)} the spread between replicates${span.first !== span.last ? `; largest at the end of ${monthName(d.peak)}` : ""}.`;
  }

  function pairs() {
    if (measure in SIDES) return `It stands elsewhere in ${percent(1 - effect.same)} of the pairs.`;
    return `Pair by pair: ${shares()}; 90 % of pairs lie from ${signed(d.pairs[0], digits)} to ${signed(d.pairs[4], digits)}.`;
  }

  function shares() {
    const sides = /** @type {[number, string][]} */ ([[effect.above, "higher"], [effect.below, "lower"]]).sort((x, y) => y[0] - x[0]);
    const [[most, first], [least, second]] = sides;
    const same = effect.same ? `the same in ${percent(effect.same)}, ` : "";
    if (most === 1) return `${first} in all`;
    return `${first} in ${percent(most)}, ${same}${least ? `${second} in ${percent(least)}` : `never ${second}`}`;
  }
}

/** @typedef {{month: number, first: number, last: number, end: number, sides: import("./statistics.js").Effect[]}} Turn */

/** Where the mean difference crosses zero, with what it is on average before and after; null where it keeps its side. Of several
 * crossings, the one with most on both sides of it. @param {{course: number[], minus: Float64Array[]}} d as it is drawn
 * @param {number[]} bounds @param {number} start month of the run @param {number | null} parted @returns {Turn | null} */
export function turnOf({ course, minus }, bounds, start, parted) {
  const month = (/** @type {number} */ k) => start + bounds[k] - 1;
  const places = bounds.map((_, k) => k).filter((k) => parted !== null && month(k) >= parted && Number.isFinite(course[k]));
  const sum = (/** @type {number[]} */ of) => of.reduce((total, k) => total + course[k], 0);
  let most = 0, at = 0, sign = 0;
  places.forEach((k, place) => {
    const now = Math.sign(course[k]), crosses = now * sign < 0;
    sign = now || sign;
    if (!crosses) return;
    const [before, after] = [sum(places.slice(0, place)), sum(places.slice(place))], least = Math.min(Math.abs(before), Math.abs(after));
    if (before * after < 0 && least > most) [most, at] = [least, place];
  });
  if (!at) return null;
  const over = (/** @type {number[]} */ of) => effectOf(Float64Array.from(minus, (row) => meanOf(of.map((k) => row[k]))));
  const ends = [places[0], places[at - 1], places[at], /** @type {number} */ (places.at(-1))];
  return { month: month(ends[2]), first: month(ends[0]), last: month(ends[3]), end: course[ends[3]], sides: [over(places.slice(0, at)), over(places.slice(at))] };
}

/** Where the sign turns: what leads, and the rest of the sentence; nothing where neither side is apart from zero.
 * @param {Turn | null} turn @param {number} digits @returns {[string, string]} */
export function turnSaid(turn, digits) {
  if (!turn || turn.sides.some(({ count }) => count < FEW)) return ["", ""];
  const clear = turn.sides.map(({ low, high }) => low > 0 || high < 0), { month, first, last } = turn;
  if (!clear.some(Boolean)) return ["", ""];
  const between = (/** @type {number} */ from, /** @type {number} */ to) => (from === to ? `in ${monthName(from)}` : `from ${monthName(from)} to ${monthName(to)}`);
  const spans = [between(first, month - 1), between(month, last)];
  const interval = (/** @type {import("./statistics.js").Effect} */ { low, high }) => `90 % interval ${notNothing(low, digits)} to ${notNothing(high, digits)}`;
  const said = turn.sides.map((side, k) => `${side.mean > 0 ? "higher" : "lower"} ${spans[k]} (${signed(side.mean, digits)} on average, ${interval(side)})`);
  if (clear[0] && clear[1]) return [`The sign turns in ${monthName(month)}:`, `${said.join(", ")}; ${signed(turn.end, digits)} at the end.`];
  const unclear = clear[0] ? 1 : 0;
  return ["", `The mean difference crosses zero in ${monthName(month)}, but ${spans[unclear]} it is not clearly on the other side (${signed(turn.sides[unclear].mean, digits)} on average, ${interval(turn.sides[unclear])}).`];
}

const plus = (/** @type {number} */ value) => (Object.is(value, -0) || value < 0 ? "-" : "+") + short(Math.abs(value));
const PARTS = ["", "", "half", "a third", "a quarter", "a fifth", "a sixth", "a seventh", "an eighth", "a ninth"];

/** `half of`, `1/40 of`, `3.1 times`. @param {number} ratio */
function fraction(ratio) {
  if (ratio >= 0.95) return ratio < 1.05 ? "as much as" : `${fixed(ratio, 1)} times`;
  if (ratio > 0.6) return `${percent(ratio)} of`;
  const part = rounded(1 / ratio);
  return part < PARTS.length ? `${PARTS[part]} of` : part <= 1000 ? `1/${part} of` : "less than a thousandth of";
}

/** The titles of the events that differ and set this trust themselves, or trust that this alignment is the mean of: then the
 * difference is what was put in. @param {any} data @param {{title: string, raw: any}[]} events that differ @param {string} measure @param {string} subject */
export function putIn(data, events, measure, subject) {
  const dyads = measure === "alignment" ? Object.values(data.cores).flat().map((/** @type {any} */ code) => [subject, code])
    : measure === "trust" && subject.includes(">") ? [subject.split(">")] : [];
  const sets = (/** @type {any} */ raw) => raw.variable === "trust" && dyads.some(([one, other]) => one !== other && sidesOf(raw).some(([a, b]) => a.includes(one) && b.includes(other)));
  return [...new Set(events.filter(({ raw }) => sets(raw)).map(({ title }) => title.split(",")[0]))];
}

/** What a reader has to know before a number of two stories means anything.
 * @param {{unlikeStart: boolean, members: string[], subject: string, putIn: string[], measure: string}} about */
export function cautions({ unlikeStart, members, subject, putIn, measure }) {
  const said = [];
  if (unlikeStart) said.push("But the two do not begin alike (the tables of the starting world): part of this is where they begin.");
  if (members.includes(subject)) said.push(`But ${subject} has other members in the two, so part of this is who is counted: ask for a named set.`);
  if (putIn.length) {
    const what = measure === "trust" ? "this trust" : "trust that it is the mean of";
    said.push(`But this is put in, not found: ${listing(putIn)} sets ${what}.`);
  }
  return said;
}

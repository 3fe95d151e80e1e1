// What a hand changed, and what is shown: plain data, checked where it comes from outside.

import { monthText, parseMonth } from "./wording.js";
import { problemsOf } from "./event_check.js";

/** The form of an address; one of another form is not read. */
const FORM = 1;
/** Letters that an address may have; more goes into a file. */
export const LONGEST = 8000;

/**
 * @typedef {{events: Record<string, any>, added: {slot: number, raw: any, assumed: boolean}[], parameters: Record<string, number>,
 *   start: Record<string, number>, both: boolean}} Edits
 * @typedef {{measure: string, subject: string, at: number | null, month: number, pair: [string, string], replicates: number,
 *   against: number}} View
 * @typedef {{edits: Edits, view: View}} State
 */

/** Nothing changed. @returns {Edits} */
export const noEdits = () => ({ events: {}, added: [], parameters: {}, start: {}, both: true });

/** @param {any} data @returns {View} */
export const firstView = (data) => ({
  measure: data.first.measure, subject: data.first.subject, at: null, month: data.start + data.steps - 1, pair: data.first.pair,
  replicates: data.replicates, against: data.first.against,
});

/** Whether nothing is changed. @param {Edits} edits */
export const unchanged = (edits) =>
  !edits.added.length && [edits.events, edits.parameters, edits.start].every((part) => !Object.keys(part).length);

/** A state as text. @param {any} data @param {State} state */
export const stateText = (data, { edits, view }) =>
  JSON.stringify({ form: FORM, version: data.version, scenario: data.scenario, plan: data.stories[0].mark, edits, view });

/** A state from text that may be anything: what is not understood is left out and said.
 * @param {any} data @param {string} text @returns {{state: State | null, said: string[]}} */
export function readState(data, text) {
  const said = /** @type {string[]} */ ([]);
  let given = /** @type {any} */ (null);
  try {
    given = JSON.parse(text);
  } catch {
    return { state: null, said: ["This address is not whole, so the page shows the scenario as it is."] };
  }
  if (!isObject(given) || given.form !== FORM) {
    return { state: null, said: ["This address is of another kind of page, so the page shows the scenario as it is."] };
  }
  if (given.scenario !== data.scenario) said.push(`This address was made for the scenario ${brief(given.scenario)}; what fits is taken over.`);
  else if (given.version !== data.version) said.push(`This address was made by version ${brief(given.version)} of Entente, and this page is of ${data.version}: numbers may differ.`);
  else if (given.plan !== data.stories[0].mark) said.push("This address was made for another version of this scenario: numbers may differ.");
  const left = /** @type {string[]} */ ([]);
  const state = { edits: readEdits(data, given.edits, left), view: readView(data, given.view) };
  if (left.length) said.push(`Left out, since this page does not have it or does not allow it: ${left.slice(0, 8).join(", ")}${left.length > 8 ? " and more" : ""}.`);
  return { state, said };
}

const isObject = (/** @type {any} */ value) => typeof value === "object" && value !== null && !Array.isArray(value);
const brief = (/** @type {any} */ value) => JSON.stringify(String(value)).slice(0, 60);

/** @param {any} data @param {any} given @param {string[]} left @returns {Edits} */
function readEdits(data, given, left) {
  const edits = noEdits();
  if (!isObject(given)) return edits;
  edits.both = given.both !== false;
  for (const [key, edit] of Object.entries(isObject(given.events) ? given.events : {})) {
    const event = data.stories[0].events.find((/** @type {any} */ one) => one.key === key);
    const kept = event && isObject(edit) ? readEdit(data, event, edit) : null;
    if (kept) edits.events[key] = kept; else left.push(brief(key));
  }
  for (const part of /** @type {const} */ (["parameters", "start"])) {
    const known = part === "parameters" ? data.parameters : data.begin.numbers;
    for (const [key, value] of Object.entries(isObject(given[part]) ? given[part] : {})) {
      const about = known.find((/** @type {any} */ one) => one.key === key);
      if (about && allowed(about, value)) edits[part][key] = value; else left.push(brief(key));
    }
  }
  for (const one of Array.isArray(given.added) ? given.added.slice(0, data.slots.length) : []) {
    const free = isObject(one) && Number.isInteger(one.slot) && data.slots[one.slot] && !edits.added.some(({ slot }) => slot === one.slot);
    if (free && isObject(one.raw) && !problemsOf(data, one.raw).length) {
      edits.added.push({ slot: one.slot, raw: one.raw, assumed: one.assumed === true });
    } else left.push("an added event");
  }
  return edits;
}

/** An edit of an event, as far as it is allowed; null where nothing of it is. @param {any} data @param {any} event @param {any} edit */
export function readEdit(data, event, edit) {
  if (edit.off === true) return { off: true };
  const kept = /** @type {Record<string, any>} */ ({});
  const [start, stop] = [data.start, data.start + data.steps];
  const on = event.on === null ? null : parseMonth(edit.on ?? event.on);
  if (edit.on !== undefined && on !== null && on >= start && on < stop) kept.on = monthText(on);
  const until = parseMonth(edit.until);
  if (until !== null && until <= stop + 1200 && event.until !== null && (on === null || until > on)) kept.until = monthText(until);
  if (event.months !== null && Number.isInteger(edit.months) && edit.months >= 1 && edit.months <= 120) kept.months = edit.months;
  for (const number of event.numbers) if (allowed(number, edit[number.field])) kept[number.field] = edit[number.field];
  return Object.keys(kept).length ? kept : null;
}

/** Whether a number is within its bounds. @param {any} about @param {any} value */
export const allowed = (about, value) =>
  typeof value === "number" && Number.isFinite(value) && value <= about.high && (about.above ? value > about.low : value >= about.low) &&
  (!about.whole || Number.isInteger(value));

/** @param {any} data @param {any} given @returns {View} */
function readView(data, given) {
  const view = firstView(data);
  if (!isObject(given)) return view;
  const measure = data.measures.find((/** @type {any} */ one) => one.key === given.measure);
  const subjects = (/** @type {any} */ one) => one.groups.flatMap((/** @type {any} */ group) => group.subjects.map((/** @type {any} */ [key]) => key));
  if (measure && subjects(measure).includes(given.subject)) Object.assign(view, { measure: given.measure, subject: given.subject });
  const month = (/** @type {any} */ value) => Number.isInteger(value) && value >= data.start - 1 && value < data.start + data.steps;
  if (month(given.at) && given.at >= data.start) view.at = given.at;
  if (month(given.month)) view.month = given.month;
  if (Array.isArray(given.pair) && given.pair.length === 2 && given.pair[0] !== given.pair[1] && given.pair.every((/** @type {any} */ code) => data.states.includes(code))) view.pair = [given.pair[0], given.pair[1]];
  if (Number.isInteger(given.replicates) && given.replicates >= 8 && given.replicates <= data.most) view.replicates = given.replicates;
  if (Number.isInteger(given.against) && data.stories[given.against]) view.against = given.against;
  return view;
}

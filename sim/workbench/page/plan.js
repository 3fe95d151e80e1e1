// A story's plan with what was changed in it: the one place that edits a plan.

import { startOf } from "./start.js";
import { appendEvent, appendPart } from "./event_row.js";
import { parseMonth } from "./wording.js";

/** @typedef {import("./block.js").Parts} Parts */

/** A month that never comes: an event that is off waits for it. */
const NEVER = 2 ** 30;

/** The plan of a story, changed.
 * @param {any} data of the page @param {any} story with its `parts` @param {any} edits see edits.js
 * @param {{actions: boolean, assumptions: boolean}} which of the edits
 * @returns {{parts: Parts, booked: string[], make: ((first: number, count: number) => Parts) | null}} `make` works out the start */
export function changedPlan(data, story, edits, which) {
  /** @type {Parts} */
  const parts = Object.fromEntries(Object.entries(story.parts).map(([name, part]) => [name, { ...part }]));
  const own = (/** @type {string} */ name) => (parts[name].data = parts[name].data.slice());
  for (const name of ["counts", "event_table", "event_numbers", "parameters"]) own(name);
  const booked = [...story.booked];
  if (which.actions) {
    for (const event of story.events) if (edits.events[event.key]) changeEvent(data, parts, event, edits.events[event.key]);
  }
  const begins = which.assumptions && assume(data, parts, edits, own);
  for (const { slot, raw, assumed } of edits.added) {
    if (assumed ? which.assumptions : which.actions) appendEvent(data, parts, data.slots[slot], raw, booked);
  }
  const place = (/** @type {string} */ key) => data.parameter_keys.indexOf(key);
  const make = begins || story.begin.apart ? (/** @type {number} */ first, /** @type {number} */ count) => startOf(story.begin, parts, data.states.length, place, first, count) : null;
  return { parts, booked, make };
}

/** @param {any} data @param {Parts} parts @param {any} event @param {any} edit */
function changeEvent(data, parts, event, edit) {
  const table = parts.event_table, columns = data.event_columns;
  const put = (/** @type {string} */ column, /** @type {number} */ value) => { table.data[event.row * table.each + columns[column]] = value; };
  if (edit.off) {
    put("on", NEVER);
    put("when", -1);
    return;
  }
  for (const name of ["on", "until"]) if (edit[name] !== undefined) put(name, parseMonth(edit[name]) ?? -1);
  if (edit.months !== undefined) put("months", edit.months);
  if (edit.on !== undefined && data.types[event.type].opposed.length) put("parts", appendPart(data, parts, event.raw, parseMonth(edit.on)));
  for (const { field, column } of event.numbers) {
    const value = edit[field];
    if (value === undefined) continue;
    for (let row = 0; row < parts.event_numbers.rows; row++) parts.event_numbers.data[row * parts.event_numbers.each + column] = value;
  }
}

/** Parameters and numbers of the start; whether more of the start hangs on them. @param {any} data @param {Parts} parts
 * @param {any} edits @param {(name: string) => any} own @returns {boolean} */
function assume(data, parts, edits, own) {
  const { rows, each, data: table } = parts.parameters, counts = parts.counts.data;
  let begins = false;
  for (const about of data.parameters) {
    const given = edits.parameters[about.key];
    if (given === undefined) continue;
    begins ||= about.begins;
    for (const column of about.columns) for (let row = 0; row < rows; row++) table[row * each + column] = given;
    if (about.key === "blocs.past") counts[data.counts.bloc_past] = Math.trunc(given);
    if (about.key === "insurgency.spillover" && given > 0) counts[data.counts.spillover] = 1;
  }
  for (const number of data.begin.numbers) {
    const given = edits.start[number.key];
    if (given === undefined) continue;
    begins ||= number.section === "states";
    for (const name of number.sections) own(name)[number.cell] = given;
  }
  return begins;
}

// Changes to begin with, made from what the scenario has.

import { monthText, parseMonth } from "./wording.js";

/** @param {any} data @returns {{name: string, change: (edits: any) => void}[]} */
export function presetsOf(data) {
  const found = [], events = data.stories[0].events, off = (/** @type {any[]} */ these) => (/** @type {any} */ edits) => { for (const { key } of these) edits.events[key] = { off: true }; };
  const joins = events.filter((/** @type {any} */ one) => one.type === "join"), imposed = events.filter((/** @type {any} */ one) => one.imposed);
  if (joins.length) found.push({ name: "without accessions", change: off(joins) });
  const efforts = events.filter((/** @type {any} */ one) => one.type === "intervention" && one.on);
  const last = efforts.at(-1), later = last && (parseMonth(last.on) ?? 0) + 24;
  if (last && later < data.start + data.steps) found.push({ name: `${last.title} two years later`, change: (/** @type {any} */ edits) => { edits.events[last.key] = { on: monthText(later) }; } });
  if (imposed.length) found.push({ name: "without what is imposed", change: off(imposed) });
  if (events.length) found.push({ name: "no events at all", change: off(events) });
  const gain = data.parameters.find((/** @type {any} */ one) => one.key === "trust.gain");
  if (gain) found.push({ name: "trust slower to build", change: (/** @type {any} */ edits) => { edits.parameters["trust.gain"] = gain.value / 2; } });
  return found;
}

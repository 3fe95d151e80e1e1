// Changes to begin with, made from what the scenario has; each adds to what is changed.

import { monthName, monthText, parseMonth, short } from "./wording.js";

/** @param {any} data @returns {{name: string, change: (edits: any) => void, assumed?: boolean}[]} `assumed`: of an assumption */
export function presetsOf(data) {
  const found = [], events = data.stories[0].events, off = (/** @type {any[]} */ these) => (/** @type {any} */ edits) => { for (const { key } of these) edits.events[key] = { off: true }; };
  const joins = events.filter((/** @type {any} */ one) => one.type === "join"), imposed = events.filter((/** @type {any} */ one) => one.imposed);
  if (joins.length) found.push({ name: "without accessions", change: off(joins) });
  const later = turningPoint(data, events);
  if (later) found.push({ name: `${later.title} two years later (${monthName(later.month)})`, change: (/** @type {any} */ edits) => {
    const { off: _, ...own } = edits.events[later.key] ?? {};
    edits.events[later.key] = { ...own, ...later.moved };
  } });
  if (imposed.length) found.push({ name: "without what is imposed", change: off(imposed) });
  if (events.length) found.push({ name: "no events at all", change: off(events) });
  const gain = data.parameters.find((/** @type {any} */ one) => one.key === "trust.gain");
  if (gain) found.push({ name: `trust slower to build: trust.gain at half, ${short(gain.value / 2, 3)}`, assumed: true, change: (/** @type {any} */ edits) => { edits.parameters["trust.gain"] = gain.value / 2; } });
  return found;
}

const DELAY = 24;

/** The dated effort against an actor that changes most, two years later; null where none fits into the run. @param {any} data @param {any[]} events */
function turningPoint(data, events) {
  const before = new Map(), sum = (/** @type {any} */ effort) => (typeof effort === "number" ? effort : Object.values(effort).reduce((/** @type {number} */ all, part) => all + Number(part), 0));
  const efforts = events.filter((one) => one.type === "intervention" && one.on).sort((a, b) => (a.on < b.on ? -1 : 1)).map(({ key, title, on, until, raw }) => {
    const now = sum(raw.effort), by = Math.abs(now - (before.get(raw.actor) ?? now));
    before.set(raw.actor, now);
    const month = (parseMonth(on) ?? 0) + DELAY, end = parseMonth(until);
    return { key, title, month, by, moved: { on: monthText(month), ...(end === null ? {} : { until: monthText(end + DELAY) }) } };
  });
  return efforts.filter(({ month }) => month < data.start + data.steps).sort((a, b) => b.by - a.by)[0] ?? null;
}

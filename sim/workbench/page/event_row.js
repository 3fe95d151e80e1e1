// An event as a scenario writes it, as a row of the plan: sim/scenario/positions.py and sim/kernel/plan.py.

import { parseMonth } from "./wording.js";

/** @typedef {import("./block.js").Parts} Parts */

/** Put an event that is checked at the end of a plan's events.
 * @param {any} data of the page @param {Parts} parts of the plan, changed in place @param {{key: string, stream: string}} slot
 * @param {any} raw @param {string[]} booked events with an account, added to */
export function appendEvent(data, parts, slot, raw, booked) {
  const kind = data.types[raw.type], quantity = kind.variables[raw.variable];
  const array = quantity ? quantity.array || raw.variable : kind.puts || kind.holds;
  const variable = (kind.holds ? "" : raw.parameter ? "" : array) || kind.holds || "effort";
  const points = raw.parameter ? [] : pointsOf(data, raw, array, kind);
  const amounts = amountsOf(data, raw, kind, quantity);
  const first = parts.event_numbers.each, numbers = [...amounts, raw.hazard ?? 0, raw.lasting || 0];
  const moves = kind.moves_trust || (!kind.holds && !raw.parameter && array === "trust");
  if (moves) booked.push(slot.key);
  const about = /** @type {Record<string, number>} */ ({
    type: data.event_types.indexOf(raw.type),
    on: parseMonth(raw.on) ?? -1,
    when: raw.when ? appendCondition(data, parts, raw.when) : -1,
    until: parseMonth(raw.until) ?? -1,
    months: kind.months === null ? -1 : raw.months || kind.months,
    momentary: Number(kind.momentary),
    variable: data.arrays.indexOf(variable),
    cells: appendColumns(parts.event_cells, points),
    cell_count: points.length,
    organisation: raw.organisation ? data.organisations.indexOf(raw.organisation) : -1,
    course: kind.amount && Array.isArray(raw[kind.amount]) ? amounts.length : 0,
    hazard: first + amounts.length,
    lasting: first + amounts.length + 1,
    amount: first,
    account: moves ? booked.length - 1 : -1,
    parameter: raw.parameter ? data.parameter_keys.indexOf(raw.parameter) : -1,
    renews: Number(Boolean(quantity?.renews)),
    parts: kind.opposed.length ? appendPart(data, parts, raw, parseMonth(raw.on)) : -1,
  });
  appendRow(parts.event_table, Object.keys(data.event_columns).map((name) => about[name]));
  appendColumns(parts.event_numbers, numbers);
  appendColumns(parts.event_streams, [BigInt(slot.stream)]);
  appendColumns(parts.event_start, [-1]);
  appendColumns(parts.event_held, [0]);
  appendColumns(parts.stance, data.states.map(() => 0));
  parts.commitments = { rows: 1, each: data.promises.length, data: Int32Array.from(data.promises) };
  const counts = parts.counts.data;
  counts[data.counts.events] += 1;
  counts[data.counts.booking] = booked.length;
  if (raw.parameter === "insurgency.spillover") counts[data.counts.spillover] = 1;
}

/** A condition on a measure that is recorded. @param {any} data @param {Parts} parts @param {any} when */
function appendCondition(data, parts, when) {
  const [measure, subject = "world"] = when.measure.split(":"), counts = parts.counts.data;
  const place = (/** @type {any[]} */ columns) => columns.findIndex(([name, of]) => name === measure && of === subject);
  let column = place(data.columns.monthly);
  if (column < 0) {
    column = data.columns.monthly.length + 4 * counts[data.counts.hidden] + place(data.columns.yearly);
    counts[data.counts.yearly_always] = 1;
  }
  const about = /** @type {Record<string, number>} */ ({
    kind: 0, column, below: Number(when.below !== undefined), months: when.months ?? 1, after: parseMonth(when.after) ?? -1,
    until: parseMonth(when.until) ?? -1, first: parts.condition_table.rows + 1, parts: 0,
  });
  appendRow(parts.condition_table, Object.keys(data.condition_columns).map((name) => about[name]));
  appendColumns(parts.condition_limits, [when.below ?? when.above]);
  counts[data.counts.conditions] += 1;
  return parts.condition_table.rows - 1;
}

/** How much: one number, or one a month. @param {any} data @param {any} raw @param {any} kind @param {any} quantity @returns {number[]} */
function amountsOf(data, raw, kind, quantity) {
  if (!kind.amount) return [kind.level];
  const value = raw[kind.amount];
  if (raw.parameter) {
    const words = data.parameter_words[raw.parameter];
    return [typeof value === "string" ? words.indexOf(value) : Number(value)];
  }
  if (Array.isArray(value)) return value;
  if (typeof value === "string") return [{ ...kind.fields[kind.amount].words, ...quantity?.words }[value]];
  if (typeof value === "object") return [Object.values(value).reduce((sum, part) => sum + part, 0)];
  return [value];
}

/** The positions in a row of its array that an event points at, in their order.
 * @param {any} data @param {any} raw @param {string} array @param {any} kind @returns {number[]} */
export function pointsOf(data, raw, array, kind) {
  const at = (/** @type {string[]} */ codes) => codes.map((code) => data.states.indexOf(code)), n = data.states.length;
  const sides = sidesOf(raw), found = new Set();
  if (raw.actor) {
    const actor = data.actors.indexOf(raw.actor);
    return [array === "strength" ? actor * n + data.states.indexOf(data.hosts[raw.actor]) : actor];
  }
  if (sides.length) {
    for (const [one, other] of sides) for (const i of at(one)) for (const j of at(other)) if (i !== j) found.add(i * n + j);
  } else if (kind.holds) return []; // of an organisation's members, who they are in that month
  else if (raw.organisation) {
    const organisation = data.organisations.indexOf(raw.organisation), many = data.organisations.length;
    if (!raw.states) return [organisation];
    for (const i of at(raw.states)) found.add(i * many + organisation);
  } else for (const i of at(raw.states ?? [])) found.add(i);
  return [...found].sort((a, b) => a - b);
}

/** Pairs of groups, each state of the first toward each of the second. @param {any} raw @returns {string[][][]} */
export function sidesOf(raw) {
  if (raw.attacker) return [[raw.attacker, raw.defender ?? []], [raw.defender ?? [], raw.attacker]];
  if (raw.parties) return [[raw.parties, raw.parties]];
  if (raw.between) return [[raw.between[0], raw.between[1]], [raw.between[1], raw.between[0]]];
  return raw.from ? [[raw.from, raw.to ?? []]] : [];
}

/** @param {import("./block.js").Part} part @param {number[]} row */
function appendRow(part, row) {
  const data = new part.data.constructor(part.data.length + row.length);
  data.set(part.data);
  data.set(row, part.data.length);
  Object.assign(part, { rows: part.rows + 1, each: row.length, data });
}

/** The part of each state in a war, at the end of the cells: where it stands, or -1 where nobody takes one, since the war was
 * under way before the start. @param {any} data @param {Parts} parts @param {any} raw @param {number | null} on @returns {number} */
export function appendPart(data, parts, raw, on) {
  if ((on ?? data.start + 1) <= data.start) return -1;
  const sides = data.types[raw.type].opposed.map((/** @type {string} */ side) => raw[side] ?? []);
  return appendColumns(parts.event_cells, data.states.map((/** @type {string} */ code) => sides.findIndex((/** @type {string[]} */ side) => side.includes(code)) + 1));
}

/** The same numbers at the end of every row; gives the first of their columns. @param {import("./block.js").Part} part @param {any[]} more @returns {number} */
function appendColumns(part, more) {
  const first = part.each, rows = Math.max(part.rows, 1), each = part.each + more.length, data = new part.data.constructor(rows * each);
  for (let row = 0; row < rows; row++) {
    if (part.rows) data.set(part.data.subarray(row * part.each, (row + 1) * part.each), row * each);
    data.set(more, row * each + part.each);
  }
  Object.assign(part, { rows, each, data });
  return first;
}

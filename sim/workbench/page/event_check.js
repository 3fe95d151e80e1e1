// What is wrong with an event, in the words of the reader of scenarios (sim/scenario/check_events.py, event_values.py).

import { monthText, parseMonth, short } from "./wording.js";

/** @typedef {{field: string, text: string}} Problem */

const TIMES = ["on", "when", "hazard"], COMMON = ["type", "title", ...TIMES, "source", "basis", "note"];
const TARGETS = ["parties", "between", "from", "states", "actor", "organisation"];
const quote = (/** @type {any} */ value) => `'${String(value).slice(0, 60)}'`;
const counted = (/** @type {number} */ count) => count === 0 ? "nobody" : count === 1 ? "one state" : `${count} states`;

/** The problems of an event that a page adds. @param {any} data @param {any} raw @returns {Problem[]} */
export function problemsOf(data, raw) {
  const found = /** @type {Problem[]} */ ([]);
  const wrong = (/** @type {string} */ field, /** @type {string} */ text) => { found.push({ field, text }); };
  if (typeof raw.type !== "string" || !Object.hasOwn(data.types, raw.type)) {
    wrong("type", `${quote(raw.type)} is not a type of event; types: ${Object.keys(data.types).join(", ")}`);
    return found;
  }
  const kind = data.types[raw.type], ways = raw.parameter === undefined ? waysOf(kind, raw.variable) : [];
  const known = [...COMMON, ...Object.keys(kind.fields), ...ways, ...(ways.length ? [...TARGETS, "to"] : [])];
  for (const name of Object.keys(raw)) if (!known.includes(name)) wrong(name, `is not a key of an event of type ${raw.type}`);
  for (const name of kind.required) if (!(name in raw)) wrong("", `'${name}' is missing; an event of type ${raw.type} needs ${inWords(kind.required)}`);
  for (const name of ["title", "note"]) if (name in raw) checkText(raw[name], (text) => wrong(name, text));
  checkTime(data, kind, raw, wrong);
  for (const [name, field] of Object.entries(kind.fields)) if (name in raw && name !== "until") checkField(data, kind, raw, name, field, wrong);
  if (ways.length) checkTarget(data, kind, raw, ways, wrong);
  if (kind.exactly_one.length) exactlyOne(raw, kind.exactly_one, wrong);
  checkOpposed(raw, kind.opposed, wrong);
  return found;
}

/** A quantity that a type of event may change, by its name, which may be anything. @param {any} kind @param {any} variable */
const quantityOf = (kind, variable) => (typeof variable === "string" && Object.hasOwn(kind.variables, variable) ? kind.variables[variable] : undefined);

/** The ways to say whom an event concerns. @param {any} kind @param {any} variable @returns {string[]} */
export function waysOf(kind, variable) {
  const own = Object.keys(kind.variables).length ? quantityOf(kind, variable)?.who ?? TARGETS : kind.who;
  return own.includes("from") ? [...own, "to"] : [...own];
}

const inWords = (/** @type {string[]} */ words) => words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : words.join("");

/** @param {any} value @param {(text: string) => void} wrong */
function checkText(value, wrong) {
  if (typeof value !== "string") wrong("is no text, where text is needed; put it in quotes");
  else if (!value.trim()) wrong("is empty; write some text or remove the key");
  else if (value.length > 500) wrong(`has ${value.length} characters; at most 500 are allowed`);
}

/** @param {any} raw @param {string[]} fields @param {(field: string, text: string) => void} wrong */
function exactlyOne(raw, fields, wrong) {
  const given = fields.filter((field) => field in raw);
  if (given.length === 1) return;
  wrong("", `needs exactly one of ${fields.join(", ")}; it ${given.length ? `has ${given.join(" and ")}` : "has none of these"}`);
}

/** @param {any} data @param {any} kind @param {any} raw @param {(field: string, text: string) => void} wrong */
function checkTime(data, kind, raw, wrong) {
  exactlyOne(raw, TIMES, wrong);
  const [start, stop] = [data.start, data.start + data.steps], [first, last] = [monthText(start), monthText(stop - 1)];
  const on = checkMonth(raw, "on", wrong);
  if (on !== null && on < start) {
    wrong("on", `${raw.on} is before the run begins (${first}), so it would never happen and the starting world does not know of it`);
  } else if (on !== null && on >= stop) wrong("on", `${raw.on} is after the run ends (${last}); dates from ${first} to ${last} are possible`);
  if ("when" in raw) checkCondition(data, raw.when, wrong);
  if ("hazard" in raw) checkNumber(raw.hazard, 0, 1, { above: true, what: "the probability of happening in a month" }, (text) => wrong("hazard", text));
  const until = checkMonth(raw, "until", wrong);
  if ("until" in raw && kind.fields.until?.beside && !(kind.fields.until.beside in raw)) {
    wrong("until", "only a set parameter ends by itself; use a clamp to hold a variable, or a second set");
  }
  if (until !== null && on !== null && until <= on) {
    wrong("until", `${raw.until} is not after its beginning, ${raw.on}; \`until\` is the first month no longer in force`);
  }
}

/** @param {any} raw @param {string} field @param {(field: string, text: string) => void} wrong */
function checkMonth(raw, field, wrong) {
  if (!(field in raw)) return null;
  const month = parseMonth(raw[field]);
  if (month === null) wrong(field, noDate(raw[field]));
  return month;
}

/** Why a text is no date. @param {any} value */
function noDate(value) {
  const [, year, month, day] = (typeof value === "string" && /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(value)) || [];
  if (!year) return `${quote(value)} is not a date; write a month such as 2017-06 or a day such as 2017-06-09`;
  if (Number(month) < 1 || Number(month) > 12) return `${quote(value)} has month ${month}; months run from 01 to 12`;
  return `${quote(value)} has day ${day}; ${Number(year)}-${month} has ${new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()} days`;
}

/** @param {any} data @param {any} when @param {(field: string, text: string) => void} wrong */
function checkCondition(data, when, wrong) {
  const example = "{measure: cooperation:SCO, below: .2, months: 6}";
  if (typeof when !== "object" || when === null || Array.isArray(when)) return wrong("when", `is no mapping, where a mapping is needed, such as ${example}`);
  const sides = ["below", "above"].filter((side) => side in when);
  if (sides.length !== 1) wrong("when", "needs exactly one of below and above");
  for (const name of Object.keys(when)) if (!["measure", "below", "above", "months"].includes(name)) wrong("when", `${quote(name)} is not a key of a condition on this page`);
  for (const side of sides) checkNumber(when[side], -1e9, 1e9, {}, (text) => wrong("when", text));
  checkNumber(when.months ?? 1, 1, 1200, { whole: true }, (text) => wrong("when", text));
  const [measure, subject = "world"] = String(when.measure).split(":");
  const columns = [...data.columns.monthly, ...data.columns.yearly];
  if (!columns.some(([name, of]) => name === measure && of === subject)) wrong("when", `${quote(when.measure)} is not a measure that this page records`);
  return undefined;
}

/** @param {any} value @param {number} low @param {number} high @param {{above?: boolean, whole?: boolean, what?: string}} how
 * @param {(text: string) => void} wrong */
export function checkNumber(value, low, high, { above = false, whole = false, what = "" }, wrong) {
  const kind = whole ? "whole numbers" : "numbers";
  const wide = (/** @type {number} */ bound) => short(bound, 9).replace(/^-?\d{4,}$/, (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ","));
  const range = `${kind} ${above ? "above" : "from"} ${wide(low)} ${above ? "up " : ""}to ${wide(high)}`;
  const allowed = `allowed: ${range}${what ? `, ${what}` : ""}`;
  if (typeof value !== "number" || !Number.isFinite(value)) wrong(`${quote(value)} is not a number; ${allowed}`);
  else if (whole && !Number.isInteger(value)) wrong(`${short(value)} is not a whole number; ${allowed}`);
  else if (!(above ? low < value : low <= value) || value > high) wrong(`${short(value)} is outside its bounds; ${allowed}`);
}

/** @param {any} data @param {any} kind @param {any} raw @param {string} name @param {any} field
 * @param {(field: string, text: string) => void} wrong */
function checkField(data, kind, raw, name, field, wrong) {
  const value = raw[name], say = (/** @type {string} */ text) => wrong(name, text);
  if (field.goes_with && raw[field.goes_with[0]] !== field.goes_with[1]) {
    const [other, needed] = field.goes_with;
    say(`${other === "variable" ? `only a ${raw.type} to ${needed}` : `only one whose ${other} is ${needed}`} has a ${name} share; remove it`);
  }
  const number = (/** @type {any} */ one) => checkNumber(one, field.low, field.high, { ...field, what: field.about }, say);
  const oneOf = (/** @type {Record<string, any>} */ words) => {
    if (typeof value !== "string" || !Object.hasOwn(words, value)) say(`${quote(value)} is not allowed; allowed: ${Object.keys(words).join(", ")}`);
  };
  const KINDS = /** @type {Record<string, () => void>} */ ({
    number: () => number(value),
    course() {
      if (!Array.isArray(value)) number(value);
      else if (value.length < 1 || value.length > data.longest) say(`has ${value.length} months; write one number, or a list by month such as [4, 3, 2]`);
      else value.forEach(number);
    },
    word: () => oneOf(field.words),
    variable: () => oneOf(kind.variables),
    states: () => checkStates(data, value, field.least, say),
    sides: () => checkSides(data, value, say),
    organisation: () => checkMember(data, value, "organisation", say),
    actor: () => checkMember(data, value, "actor", say),
    amount() {
      const of = quantityOf(kind, raw.variable);
      if (raw.parameter !== undefined || !of) return;
      if (Object.keys(of.words).length) oneOf(of.words);
      else checkNumber(value, of.low, of.high, { above: of.above, what: `for ${raw.variable}` }, say);
    },
    parameter() {
      const about = data.parameters.find((/** @type {any} */ one) => one.key === value);
      if (!about) say(`${quote(value)} is not a parameter that this page can set`);
      else checkNumber(raw.value, about.low, about.high, {}, (text) => wrong("value", text));
    },
    effort: () => checkNumber(value, field.low, field.high, { what: "or a coalition such as {USA: .8, GBR: .1}" }, say),
  });
  KINDS[field.kind]?.();
}

/** @param {any} data @param {any} value @param {number} least @param {(text: string) => void} say */
function checkStates(data, value, least, say) {
  if (!Array.isArray(value)) return say("is no list, where a list is needed, such as [IND, PAK]");
  const seen = new Set();
  for (const code of value) {
    if (!data.states.includes(code)) say(`${quote(code)} is not a state of this world`);
    else if (seen.has(code)) say(`${code} is listed twice; keep one`);
    seen.add(code);
  }
  if (value.length < least) say(`names ${counted(value.length)}; at least ${least} are needed`);
  return undefined;
}

/** @param {any} data @param {any} value @param {(text: string) => void} say */
function checkSides(data, value, say) {
  if (!Array.isArray(value) || value.length !== 2 || !value.every(Array.isArray)) return say("takes two lists of states, such as [[RUS], [USA, GBR]]");
  const both = value[0].find((/** @type {any} */ code) => value[1].includes(code));
  if (both) say(`${both} is on both sides; use parties for all pairs of one group`);
  for (const side of value) checkStates(data, side, 1, say);
  return undefined;
}

/** @param {any} data @param {any} value @param {"organisation" | "actor"} kind @param {(text: string) => void} say */
function checkMember(data, value, kind, say) {
  const known = data[`${kind}s`];
  if (!known.includes(value)) say(`${quote(value)} is not an ${kind} of this world; ${kind}s: ${known.join(", ")}`);
}

/** @param {any} data @param {any} kind @param {any} raw @param {string[]} ways @param {(field: string, text: string) => void} wrong */
function checkTarget(data, kind, raw, ways, wrong) {
  const own = ways.filter((way) => way !== "to"), given = TARGETS.filter((way) => way in raw && !(way in kind.fields));
  const examples = `write ${own.length > 1 ? "one of " : ""}${own.map((way) => data.targets[way]).join(" or ")}`;
  const about = raw.variable !== undefined ? quote(raw.variable) : `a ${raw.type}`;
  if (given.length !== 1) wrong("", `${given.length ? `has ${given.join(" and ")}` : "does not say whom it concerns"}; ${examples}`);
  else if (!own.includes(given[0])) wrong(given[0], `does not go with ${about}; ${examples}`);
  else if (given[0] === "from" && !("to" in raw)) wrong("", `has from but no to; ${examples}`);
  else if (given[0] !== "from" && "to" in raw) wrong("to", `goes with from, not with ${given[0]}; ${examples}`);
  else for (const way of given[0] === "from" ? ["from", "to"] : given) checkField(data, kind, raw, way, data.target_fields[way], wrong);
}

/** @param {any} raw @param {string[]} fields @param {(field: string, text: string) => void} wrong */
function checkOpposed(raw, fields, wrong) {
  const seen = new Map();
  for (const field of fields) {
    for (const code of Array.isArray(raw[field]) ? raw[field] : []) {
      if (seen.has(code) && seen.get(code) !== field) wrong(field, `${code} is ${seen.get(code)} as well; name it on one side`);
      else seen.set(code, field);
    }
  }
}

/** Events against each other and against the starting world, in the reader's words (sim/scenario/consistency.py).
 * @param {any} data @param {any} edits @returns {string[]} */
export function contradictions(data, edits) {
  const events = /** @type {[string, any][]} */ ([]);
  for (const { key, raw } of data.stories[0].events) {
    const edit = edits.events[key] ?? {};
    if (!edit.off) events.push([key, { ...raw, ...edit }]);
  }
  for (const { slot, raw } of edits.added) events.push([data.slots[slot].key, raw]);
  const month = (/** @type {any} */ raw) => parseMonth(raw.on);
  const dated = events.filter(([, raw]) => month(raw) !== null).sort(([a, one], [b, other]) => (month(one) ?? 0) - (month(other) ?? 0) || (a < b ? -1 : 1));
  return [...memberships(data, dated), ...rivalries(data, dated)];
}

const whenOf = (/** @type {any} */ raw) => ` on ${raw.on}`;

/** @param {any} data @param {[string, any][]} events @returns {string[]} */
function memberships(data, events) {
  const found = [], members = new Map(Object.entries(data.joined)), why = new Map();
  for (const [name, raw] of events) {
    for (const state of ["join", "leave"].includes(raw.type) ? raw.states : []) {
      const pair = `${raw.organisation} ${state}`, of = raw.organisation;
      if (raw.type === "join" && members.has(pair)) found.push(`${state} joins ${of} but is already ${members.get(pair)}; remove one of the two`);
      else if (raw.type === "leave" && !members.has(pair)) {
        found.push(`${state} leaves ${of} but is not a member (${why.get(pair) ?? `it is not a member in ${data.world}`}); remove this event, or let it join first`);
      } else if (raw.type === "join") members.set(pair, `a member through ${name}${whenOf(raw)}`);
      else {
        members.delete(pair);
        why.set(pair, `it left through ${name}${whenOf(raw)}`);
      }
    }
  }
  return found;
}

/** @param {any} data @param {[string, any][]} events @returns {string[]} */
function rivalries(data, events) {
  const found = [], rivals = new Map(data.rivals.map((/** @type {string} */ pair) => [pair, "from the start"]));
  for (const [name, raw] of events) {
    for (const pair of raw.type === "rivalry" ? pairsOf(raw) : []) {
      const both = pair.replace("-", " and ");
      if (raw.change === "begin" && rivals.has(pair)) found.push(`a rivalry of ${both} begins but they are rivals already, ${rivals.get(pair)}`);
      else if (raw.change === "end" && !rivals.has(pair)) found.push(`a rivalry of ${both} ends but they are no rivals then; rivals: ${[...rivals.keys()].sort().join(", ") || "none"}`);
      else if (raw.change === "begin") rivals.set(pair, `through ${name}${whenOf(raw)}`);
      else rivals.delete(pair);
    }
  }
  return found;
}

/** @param {any} raw @returns {string[]} */
function pairsOf(raw) {
  const [one, other] = raw.between ?? [raw.parties, raw.parties];
  const pairs = one.flatMap((/** @type {string} */ a) => other.filter((/** @type {string} */ b) => a !== b).map((/** @type {string} */ b) => [a, b].sort().join("-")));
  return [...new Set(pairs)].sort();
}

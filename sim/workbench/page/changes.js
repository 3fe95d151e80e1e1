// What was changed, in words: under the answer, in the names of the two stories, in the file, and of a kept run.

import { monthName, parseMonth, short } from "./wording.js";

/** A number of things. @param {number} count @param {string} one */
const manyOf = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`;

const monthOf = (/** @type {any} */ text) => { const month = parseMonth(text); return month === null ? String(text) : monthName(month); };
const fieldSaid = (/** @type {string} */ name, /** @type {any} */ value) => `${name} ${name === "until" ? monthOf(value) : short(value)}`;
const titleOf = (/** @type {any} */ raw) => raw.title ?? raw.type;

/** What was done to the events of a story. @param {any} data @param {any} edits @returns {string[]} */
export function actionsOf(data, edits) {
  const said = [];
  for (const { key, title, on } of data.stories[0].events) {
    const edit = edits.events[key];
    if (!edit) continue;
    const parts = Object.entries(edit).map(([name, value]) => (name === "on" ? `${monthOf(value)} in place of ${monthOf(on)}` : fieldSaid(name, value)));
    said.push(edit.off ? `${title}: off` : `${title}: ${parts.join(", ")}`);
  }
  for (const { raw, assumed } of edits.added) if (!assumed) said.push(`${titleOf(raw)}: added`);
  return said;
}

const LONGEST_NAME = 80;

/** What a story is, as short as a name: what was done first of all, and how much more. @param {any} data @param {any} edits @returns {string} */
export function shortlySaid(data, edits) {
  const said = [];
  for (const { key, title } of data.stories[0].events) {
    const edit = edits.events[key];
    if (edit) said.push(edit.off ? `${title} off` : edit.on ? `${title} ${monthOf(edit.on)}` : `${title} ${Object.entries(edit).map(([name, value]) => fieldSaid(name, value)).join(", ")}`);
  }
  for (const { raw } of edits.added) said.push(`${titleOf(raw)} added`);
  for (const [key, value] of [...Object.entries(edits.parameters), ...Object.entries(edits.start)]) said.push(`${key} ${short(/** @type {number} */ (value))}`);
  const most = 2, more = said.length > most ? ` and ${said.length - most} more` : "", name = said.slice(0, most).join(", ") || "as written";
  return (name.length + more.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - more.length - 1)}…` : name) + more;
}

/** What is assumed otherwise than the scenario does, by name: [as it is, as the scenario has it]. @param {any} data @param {any} edits */
function assumptionsOf(data, edits) {
  const usual = new Map([...data.parameters, ...data.begin.numbers].map((/** @type {any} */ one) => [one.key, short(one.value)]));
  const found = /** @type {Map<string, [string, string]>} */ (new Map());
  for (const [key, value] of [...Object.entries(edits.parameters), ...Object.entries(edits.start)]) found.set(key, [short(/** @type {number} */ (value)), usual.get(key) ?? ""]);
  for (const { slot, raw, assumed } of edits.added) if (assumed) found.set(`${titleOf(raw)} (added_${slot + 1})`, [JSON.stringify(raw), ""]);
  return found;
}

/** Assumptions in a sentence. @param {any} data @param {any} edits @returns {string[]} */
export const assumedSaid = (data, edits) => [...assumptionsOf(data, edits)].map(([name, [value, before]]) => (before ? `${name} ${value} in place of ${before}` : name));

/** What of the assumptions was otherwise when a run was kept. @param {any} data @param {any} kept edits @param {any} now edits @returns {string[]} */
export function assumptionsApart(data, kept, now) {
  const [then, here] = [kept, now].map((edits) => assumptionsOf(data, edits)), said = [];
  for (const name of new Set([...then.keys(), ...here.keys()])) {
    const [[was, usual], [is, same]] = [then.get(name) ?? ["", ""], here.get(name) ?? ["", ""]];
    if (was === is) continue;
    if (usual || same) said.push(`${name} ${was || same} (now ${is || usual})`);
    else said.push(`${name} ${!was ? "was not there" : !is ? "is not there now" : "is another now"}`);
  }
  if (kept.both !== now.both && then.size + here.size) said.push(`in ${kept.both ? "both stories (now in yours alone)" : "your story alone (now in both)"}`);
  return said;
}

/** Whether the other story is as its scenario has it. @param {any} data @param {any} edits */
export const asWritten = (data, edits) => !edits.both || !assumptionsOf(data, edits).size;

/** What the two stories are called: the other is as written only where nothing of it is changed.
 * @param {any} data @param {any} edits @param {number} against @returns {[string, string]} */
export function storyNames(data, edits, against) {
  const { name } = data.stories[against];
  if (asWritten(data, edits)) return ["your story", `${name} as written`];
  return ["your story", `${name} with ${against ? "" : "no event changed and "}${manyOf(assumptionsOf(data, edits).size, "assumption")} changed for both`];
}

/** What was changed, in a line. @param {any} data @param {any} edits */
export function changesSaid(data, edits) {
  const said = actionsOf(data, edits), assumed = assumedSaid(data, edits);
  if (assumed.length) said.push(`${edits.both ? "in both stories" : "in your story alone"}: ${assumed.join(", ")}`);
  return said.length ? `Changed: ${said.join("; ")}.` : "";
}

const LONGEST_TITLE = 120, LONGEST_QUESTION = 1000;

/** Title and question of the file of a changed story. @param {string} title of the story @param {string[]} said what was changed
 * @returns {{title: string, question: string}} */
export function headed(title, said) {
  const whole = said.join("; ") || "nothing", many = manyOf(said.length, "change");
  const own = (/** @type {number} */ longest) => (whole.length > longest ? many : whole);
  return { title: `${title}, changed: ${own(LONGEST_TITLE)}`, question: `What changes in "${title}" by this: ${own(LONGEST_QUESTION)}?` };
}

// What was changed as a scenario file that `run` takes, and the commands that say the same.

import { actionsOf, assumedSaid, headed } from "./changes.js";
import { monthText } from "./wording.js";

/** The scenario file of a story. @param {any} data @param {any} edits @param {{place: number, actions: boolean, assumptions: boolean}} which
 * @param {{title: string, question: string}} head @returns {string} */
export function yamlOf(data, edits, { place, actions, assumptions }, head) {
  const story = data.stories[place];
  const events = /** @type {Record<string, any>} */ ({});
  if (actions) {
    for (const [key, edit] of Object.entries(edits.events)) events[key] = edit.off ? null : edit;
  }
  for (const { slot, raw, assumed } of edits.added) if (assumed ? assumptions : actions) events[data.slots[slot].key] = raw;
  const file = /** @type {Record<string, any>} */ ({
    defaults: [story.name, "_self_"],
    ...head,
    baseline: story.name,
  });
  if (assumptions) {
    nest(file, "parameters", edits.parameters);
    for (const [key, value] of Object.entries(edits.start)) nest(file, key.split(".")[0], { [key.slice(key.indexOf(".") + 1)]: value });
  }
  if (Object.keys(events).length) file.events = events;
  return `# Made by the workbench of Entente ${data.version}; how to run it is said beside it.\n${Object.entries(file).map(([key, value]) => entry(key, value, "")).join("")}`;
}

/** Dotted keys as mappings in mappings. @param {Record<string, any>} file @param {string} section @param {Record<string, any>} values */
function nest(file, section, values) {
  for (const [key, value] of Object.entries(values)) {
    const [one, name] = key.split(".");
    ((file[section] ??= {})[one] ??= {})[name] = value;
  }
}

/** @param {string} key @param {any} value @param {string} indent @returns {string} */
function entry(key, value, indent) {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return `${indent}${key}:\n${Object.entries(value).map(([name, part]) => entry(name, part, `${indent}  `)).join("")}`;
  }
  return `${indent}${key}: ${scalar(value)}\n`;
}

/** A value on one line. @param {any} value @returns {string} */
function scalar(value) {
  if (Array.isArray(value)) return `[${value.map(scalar).join(", ")}]`;
  if (typeof value === "number") return numberText(value);
  if (typeof value === "string") return /^[A-Za-z_][A-Za-z0-9_]*$/.test(value) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(value) ? value : quoted(value);
  return value === null ? "null" : String(value);
}

// Signs that a file cannot hold as they are stand as their numbers.
const quoted = (/** @type {string} */ text) => JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ud800-\udfff]/g, (sign) => (/[\ud800-\udfff]/.test(sign) ? sign : `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`));

// All digits, and a point and a sign before an exponent, without which YAML reads text.
function numberText(/** @type {number} */ value) {
  const [mantissa, power] = String(value).split("e");
  return power === undefined ? mantissa : `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}e${power.startsWith("-") ? power : `+${power.replace("+", "")}`}`;
}

/** The files of a page's stories, and the commands that say the same as the page.
 * @param {any} data @param {any} state @param {string} name of the changed story's file, without its ending */
export function reproduction(data, { edits, view }, name) {
  const assumed = Object.keys(edits.parameters).length || Object.keys(edits.start).length || edits.added.some((/** @type {any} */ one) => one.assumed);
  const other = data.stories[view.against], beside = edits.both && assumed;
  const files = [{ name: `${name}.yaml`, text: yamlOf(data, edits, { place: 0, actions: true, assumptions: true }, headed(data.title, [...actionsOf(data, edits), ...assumedSaid(data, edits)])) }];
  if (beside) files.push({ name: `${name}_beside.yaml`, text: yamlOf(data, edits, { place: view.against, actions: false, assumptions: true }, headed(other.title, assumedSaid(data, edits))) });
  const how = `engine=kernel seed=${data.seed} replicates=${view.replicates}`, one = `./${name}.yaml`, two = beside ? `./${name}_beside.yaml` : other.word;
  const taken = view.at === null ? "" : ` --at ${monthText(view.at)}`, compare = `python -m sim compare ${one} ${two} --measure '${view.measure}:${view.subject}'${taken}`;
  return {
    files, robust: `${compare} --robust`,
    commands: [
      `python -m sim run scenario=${one} ${how}`,
      `python -m sim run scenario=${two} ${how}`,
      compare,
    ],
  };
}

// Events that set the same thing: of several the latest counts, so that one that moves can take another's place.

import { pointsOf } from "./event_row.js";
import { monthName, parseMonth } from "./wording.js";

/**
 * @typedef {{key: string, title: string, on: number, was: number | null, until: number | null, row: number, things: Set<string>}} Dated
 * @typedef {{by: Dated, of: Dated, whole: boolean, along: {key: string, title: string, on: number, fits: boolean} | null}} Displaced
 */

/** What an event sets, as words that two events share if they set the same. @param {any} data @param {any} raw @returns {Set<string>} */
function thingsOf(data, raw) {
  const kind = data.types[raw.type];
  if (raw.type === "intervention") return new Set([`effort against ${raw.actor}`]);
  const quantity = raw.type === "set" && !raw.parameter ? kind.variables[raw.variable] : undefined;
  if (!quantity && raw.type !== "tie") return new Set(); // parameters that are set do not hang on the order in time
  const array = quantity ? quantity.array || raw.variable : kind.puts;
  return new Set(pointsOf(data, raw, array, kind).map((point) => `${array} ${point}`));
}

/** The events that have a date, as a hand left them. @param {any} data @param {any} edits @returns {Dated[]} */
function datedOf(data, edits) {
  const found = /** @type {Dated[]} */ ([]);
  const take = (/** @type {string} */ key, /** @type {string} */ title, /** @type {any} */ raw, /** @type {number | null} */ was, /** @type {number} */ row) => {
    const on = parseMonth(raw.on);
    if (on !== null) found.push({ key, title, on, was, until: parseMonth(raw.until), row, things: thingsOf(data, raw) });
  };
  data.stories[0].events.forEach((/** @type {any} */ { key, title, on, raw }, /** @type {number} */ row) => {
    const edit = edits.events[key] ?? {};
    if (!edit.off) take(key, title, { ...raw, ...edit }, parseMonth(on), row);
  });
  const first = data.stories[0].events.length;
  for (const { slot, raw } of edits.added) take(data.slots[slot].key, raw.title ?? raw.type, raw, null, first + slot);
  return found.filter(({ things }) => things.size);
}

/** The pairs of which one takes the other's place, which it does not as the scenario is written.
 * @param {any} data @param {any} edits @returns {Displaced[]} */
export function displacedBy(data, edits) {
  const found = /** @type {Displaced[]} */ ([]), last = data.start + data.steps - 1;
  const events = datedOf(data, edits).sort((a, b) => a.on - b.on || a.row - b.row); // of one month, that of the later row counts
  events.forEach((by, k) => {
    const left = new Set(by.things); // what nothing between the two sets
    for (const of of events.slice(0, k).reverse()) {
      const shared = [...of.things].filter((thing) => left.has(thing));
      for (const thing of shared) left.delete(thing);
      if (!shared.length || (of.until !== null && of.until <= by.on)) continue;
      const was = by.was, other = of.was, written = was !== null && other !== null;
      if (written && (was > other || (was === other && by.row > of.row))) continue; // in the order of the file
      found.push({ by, of, whole: shared.length === of.things.size, along: written ? along(by, was, of, other) : null });
    }
  });
  return found;

  // The one that was moved less goes as far as the other, and the order is as written.
  function along(/** @type {Dated} */ by, /** @type {number} */ was, /** @type {Dated} */ of, /** @type {number} */ other) {
    const [moved, more] = [by.on - was, of.on - other], [one, on] = Math.abs(moved) >= Math.abs(more) ? [of, other + moved] : [by, was + more];
    return { key: one.key, title: one.title, on, fits: on >= data.start && on <= last };
  }
}

/** The same in a sentence. @param {Displaced} pair */
export function displacedSaid({ by, of, whole, along }) {
  const sets = whole ? "which sets the same" : "which sets part of the same", stays = along && !along.fits ? ` ${along.title} cannot move along: ${monthName(along.on)} is outside the story.` : "";
  return `${by.title} (${monthName(by.on)}) ${along ? "now takes" : "takes"} the place of ${of.title} (${monthName(of.on)}), ${sets}: of several the latest counts.${stays}`;
}

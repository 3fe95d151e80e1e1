// A form for an event of any type, made from the types' data; and the events that were added.

import { dateTrack, monthControl } from "./controls.js";
import { byId, fill, make, say, select } from "./dom.js";
import { contradictions, problemsOf, waysOf } from "./event_check.js";
import { saidIn } from "./timeline.js";
import { capital, monthName, monthText, parseMonth, typeset } from "./wording.js";

/** @param {any} data @param {() => any} edits @param {(change: (edits: any) => void, live?: boolean) => void} edit */
export function makeForm(data, edits, edit) {
  const place = byId("form"), types = Object.entries(data.types).sort((/** @type {any} */ a, /** @type {any} */ b) => a[1].rank - b[1].rank);
  const names = data.states.map((/** @type {string} */ code) => [code, data.names[code] ?? code]).sort((/** @type {any} */ a, /** @type {any} */ b) => a[1].localeCompare(b[1], "en"));
  let type = types[0][0], readers = /** @type {Map<string, () => any>} */ (new Map());
  let variable = "", way = "", when = "on", assumed = false, month = data.start + (data.steps >> 1);

  function field(/** @type {string} */ name, /** @type {string} */ label, /** @type {any} */ control, /** @type {() => any} */ read) {
    readers.set(name, read);
    return make("label", { class: "field" }, make("span", {}, label), control);
  }

  const number = (/** @type {string} */ name, /** @type {string} */ label, /** @type {string} */ value = "") => {
    const box = make("input", { type: "text", inputmode: "decimal", value, autocomplete: "off" });
    return field(name, label, box, () => (box.value.trim() === "" ? undefined : asNumber(box.value)));
  };
  const text = (/** @type {string} */ name, /** @type {string} */ label, /** @type {string} */ value = "", /** @type {string} */ hint = "") => {
    const box = make("input", { type: "text", value, placeholder: hint, autocomplete: "off", maxlength: 500 });
    return field(name, label, box, () => box.value.trim() || undefined);
  };
  const choice = (/** @type {string} */ name, /** @type {string} */ label, /** @type {[string, string][]} */ options, /** @type {string} */ chosen = options[0]?.[0] ?? "", /** @type {((value: string) => void) | null} */ then = null) => {
    const box = select({}, options, chosen);
    if (then) box.addEventListener("change", () => then(box.value));
    return field(name, label, box, () => box.value);
  };
  const several = (/** @type {string} */ name, /** @type {string} */ label) => {
    const box = make("select", { multiple: true, size: 6 }, ...names.map((/** @type {any} */ [value, said]) => make("option", { value }, said)));
    const chosen = () => [...box.selectedOptions].map((/** @type {any} */ one) => one.value);
    return field(name, label, box, () => (chosen().length ? chosen() : undefined));
  };
  const same = (/** @type {string[]} */ words) => words.map((word) => /** @type {[string, string]} */ ([word, data.names[word] ? `${word} ${data.names[word]}` : word.replaceAll("_", " ")]));

  function draw() {
    readers = new Map();
    const kind = data.types[type], parts = [];
    const chooseType = select({}, types.map(([name, about]) => [name, `${name}: ${about.meaning}`]), type);
    chooseType.addEventListener("change", () => { type = chooseType.value; variable = way = ""; draw(); });
    parts.push(make("label", { class: "field" }, make("span", {}, "Type"), chooseType), text("title", "Title", "", "a few words"), time());
    const fields = Object.entries(kind.fields).filter(([name, about]) => name !== "until" && (name !== "parameter" || !kind.variables || variable === "parameter") && (name !== "variable" || kind.variables) && !(/** @type {any} */ (about).goes_with && about.goes_with[1] !== (variable || Object.keys(kind.variables)[0])));
    for (const [name, about] of fields) parts.push(...controlOf(kind, name, about));
    if (kind.fields.until && (!kind.fields.until.beside || variable === "parameter")) parts.push(text("until", `Until (${kind.fields.until.meaning})`, "", "2024-01"));
    const ways = variable === "parameter" ? [] : waysOf(kind, variable || Object.keys(kind.variables)[0]).filter((one) => one !== "to");
    if (ways.length) parts.push(...target(ways));
    const both = make("input", { type: "checkbox", checked: assumed }), problems = make("ul", { class: "problems", role: "alert" });
    fill(place, ...parts, make("label", { class: "both" }, both, "an assumption: goes where assumptions go"), problems,
      make("button", { type: "button", click: () => add(both.checked, problems) }, "Add the event"));
  }

  function time() {
    const chosen = select({ "aria-label": "When" }, [["on", "on a date"], ["hazard", "by chance"], ["when", "on a condition"]], when);
    chosen.addEventListener("change", () => { when = chosen.value; draw(); });
    const parts = [make("label", { class: "field" }, make("span", {}, "When"), chosen)];
    if (when === "on") parts.push(text("on", "Month", monthText(month), "2020-06"));
    if (when === "hazard") parts.push(number("hazard", "Probability a month", "0.02"));
    if (when === "when") {
      const columns = data.measures.filter((/** @type {any} */ one) => !one.key.startsWith("bloc")).flatMap((/** @type {any} */ one) => one.groups.flatMap((/** @type {any} */ group) => group.subjects.map((/** @type {any} */ [key, name]) => [`${one.key}:${key}`, `${one.name}, ${name}`])));
      parts.push(choice("measure", "Measure", columns), choice("side", "Is", [["above", "above"], ["below", "below"]]), number("limit", "The value", "0"), number("for", "For how many months", "1"));
    }
    return make("div", { class: "fields" }, ...parts);
  }

  function controlOf(/** @type {any} */ kind, /** @type {string} */ name, /** @type {any} */ about) {
    const label = `${capital(name)}: ${about.meaning}`;
    const quantity = kind.variables[variable || Object.keys(kind.variables)[0]];
    if (about.kind === "variable") {
      const options = [...Object.keys(kind.variables), ...(kind.fields.parameter ? ["parameter"] : [])];
      return [choice("variable", label, same(options), variable || options[0], (value) => { variable = value; way = ""; draw(); })];
    }
    if (about.kind === "parameter") return [choice(name, label, data.parameters.map((/** @type {any} */ one) => [one.key, one.key]))];
    if (about.kind === "word") return [choice(name, label, same(Object.keys(about.words)))];
    if (about.kind === "amount" && quantity && Object.keys(quantity.words).length && variable !== "parameter") return [choice(name, label, same(Object.keys(quantity.words)))];
    if (about.kind === "organisation" || about.kind === "actor") return [choice(name, label, same(data[`${about.kind}s`]))];
    if (about.kind === "states") return [several(name, label)];
    if (about.kind === "sides") return [several(`${name}.0`, `${label}, one side`), several(`${name}.1`, "The other side")];
    return [number(name, label)];
  }

  function target(/** @type {string[]} */ ways) {
    if (!ways.includes(way)) way = ways[0];
    const chosen = ways.length > 1 ? [make("label", { class: "field" }, make("span", {}, "Whom it concerns"), (() => {
      const box = select({}, ways.map((one) => [one, data.target_fields[one].meaning]), way);
      box.addEventListener("change", () => { way = box.value; draw(); });
      return box;
    })())] : [];
    const fields = way === "from" ? ["from", "to"] : [way];
    return [...chosen, ...fields.flatMap((name) => controlOf({ variables: {}, fields: {} }, name, data.target_fields[name]))];
  }

  /** The event as it is written in a scenario. */
  function raw() {
    const got = /** @type {any} */ ({ type }), sides = /** @type {Record<string, any[]>} */ ({});
    const given = Object.fromEntries([...readers].map(([name, read]) => [name, read()]));
    for (const [name, value] of Object.entries(given)) {
      const [one, side] = name.split(".");
      if (["measure", "side", "limit", "for"].includes(name)) continue;
      if (side !== undefined) (sides[one] ??= [])[Number(side)] = value ?? [];
      else if (value !== undefined && !(name === "variable" && value === "parameter")) got[name] = value;
    }
    if (when === "when") got.when = { measure: given.measure, [given.side]: given.limit, months: given.for ?? 1 };
    return Object.assign(got, sides);
  }

  function add(/** @type {boolean} */ assumed, /** @type {any} */ problems) {
    const event = raw(), found = problemsOf(data, event).map(({ field: name, text: said }) => `${name ? `${name}: ` : ""}${said}`);
    const free = data.slots.findIndex((/** @type {any} */ _, /** @type {number} */ k) => !edits().added.some((/** @type {any} */ one) => one.slot === k));
    const trial = { ...edits(), added: [...edits().added, { slot: free, raw: event, assumed }] };
    if (free < 0) found.push(`there are ${data.slots.length} added events already; remove one`);
    else if (!found.length) found.push(...contradictions(data, trial));
    fill(problems, ...found.map((said) => make("li", {}, said)));
    if (found.length) return;
    edit((next) => { next.added.push({ slot: free, raw: event, assumed }); });
    say("");
    byId("added").scrollIntoView({ block: "nearest" });
  }

  // -- what was added --------------------------------------------------------------------------------------------------

  let listed = "";
  const typedIn = /** @type {Map<number, any>} */ (new Map());
  function show(/** @type {any[]} */ displaced) {
    const { added } = edits(), key = JSON.stringify(added.map((/** @type {any} */ one) => [one.slot, { ...one.raw, on: 0, until: 0 }, one.assumed]));
    if (key !== listed) fill(byId("added"), ...added.map(rowOf));
    listed = key;
    for (const one of added) {
      const row = byId("added").querySelector(`[data-slot="${one.slot}"]`), on = parseMonth(one.raw.on);
      saidIn(row.querySelector(".order"), data.slots[one.slot].key, displaced);
      if (on === null) continue;
      row.querySelector(".when").textContent = typeset(monthName(on));
      typedIn.get(one.slot).set(on);
      Object.assign(row.querySelector("input[type=range]"), { value: String(on) });
      row.querySelector("input[type=range]").setAttribute("aria-valuetext", monthName(on));
    }
  }

  function rowOf(/** @type {any} */ { slot, raw: event, assumed }) {
    const title = event.title ?? event.type, dated = parseMonth(event.on) !== null;
    const told = Object.entries(event).filter(([name]) => !["type", "title", "on", "note"].includes(name)).map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(", ").replaceAll('"', "");
    const row = make("li", { "data-slot": slot }, make("span", {}), make("div", {}, make("b", {}, title), make("span", { class: "when" }, dated ? "" : event.hazard ? "by chance" : "on a condition"), make("div", { class: "aside" }, `${event.type}: ${told}${assumed ? "; an assumption" : ""}`)));
    const track = make("div", { class: "track" }, make("span", { class: "line", "aria-hidden": "true" }));
    if (dated) {
      const move = (/** @type {number} */ month, live = true) => edit((next) => {
        const own = next.added.find((/** @type {any} */ one) => one.slot === slot), before = parseMonth(own.raw.on) ?? 0, until = parseMonth(own.raw.until);
        if (month === before) return;
        own.raw.on = monthText(month);
        if (until !== null) own.raw.until = monthText(until + month - before);
      }, live);
      const typed = monthControl(`${title}: month`, () => [data.start, data.start + data.steps - 1], (month) => move(month, false));
      typedIn.set(slot, typed);
      track.append(dateTrack(data, title, move));
      row.lastElementChild.append(typed.element);
    }
    row.append(track, make("button", { type: "button", class: "small", "aria-label": `remove ${title}`, click: () => edit((next) => { next.added = next.added.filter((/** @type {any} */ one) => one.slot !== slot); }) }, "remove"), make("div", { class: "order" }));
    return row;
  }

  draw();
  return {
    show,
    /** Open the form for an assumption about the start. @param {{type: string, variable?: string, way?: string}} wanted */
    prefill(wanted) {
      [type, variable, way, when, assumed, month] = [wanted.type, wanted.variable ?? "", wanted.way ?? "", "on", true, data.start];
      draw();
      [assumed, month] = [false, data.start + (data.steps >> 1)];
      byId("adding").open = true;
      byId("adding").scrollIntoView({ block: "start" });
      place.querySelector("select")?.focus({ preventScroll: true });
    },
  };
}

/** A number, a list of numbers by month, or the text itself, so that the reader's words say what is wrong. @param {string} text */
function asNumber(text) {
  const parts = text.replace(/^\[|\]$/g, "").split(",").map((part) => part.trim());
  const numbers = parts.map((part) => (part === "" ? NaN : Number(part)));
  if (numbers.some((value) => !Number.isFinite(value))) return text;
  return numbers.length > 1 || /^\[/.test(text) ? numbers : numbers[0];
}

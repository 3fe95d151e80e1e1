// The events: on and off, dragged along the timeline, their lengths and sizes.

import { dateTrack, KEYS_SAID, monthControl, numberControl } from "./controls.js";
import { byId, fill, make } from "./dom.js";
import { readEdit } from "./edits.js";
import { displacedSaid } from "./event_order.js";
import { monthName, monthText, parseMonth, typeset } from "./wording.js";

/** The list of events. @param {any} data @param {() => any} edits @param {(change: (edits: any) => void, live?: boolean) => void} edit */
export function makeTimeline(data, edits, edit) {
  const list = byId("events"), start = data.start, last = data.start + data.steps - 1;
  const rows = data.stories[0].events.map(rowOf).sort((/** @type {any} */ a, /** @type {any} */ b) => a.first - b.first);
  fill(list, ...rows.map((/** @type {any} */ row) => row.element));
  new ResizeObserver(() => fill(byId("years"), ...yearsOf())).observe(byId("years"));

  function yearsOf() {
    const found = [], wide = byId("years").clientWidth, step = 12 * ([1, 2, 5, 10, 20].find((many) => (wide * 12 * many) / data.steps >= 34) ?? 50);
    for (let month = Math.ceil(start / step) * step; month <= last; month += step) {
      const mark = make("span", {}, String(month / 12));
      mark.style.left = `${(100 * (month - start)) / Math.max(1, last - start)}%`;
      found.push(mark);
    }
    return found;
  }

  function now(/** @type {any} */ event) {
    const own = edits().events[event.key] ?? {}, on = parseMonth(own.on ?? event.on), until = parseMonth(own.until ?? event.until);
    const months = own.months ?? event.months;
    const end = until ?? (months !== null && on !== null ? on + months : null);
    return { own, on, until, months, end };
  }

  function change(/** @type {any} */ event, /** @type {any} */ changes, live = true) {
    edit((next) => {
      const kept = readEdit(data, event, { ...next.events[event.key], ...changes });
      const same = kept && !kept.off && Object.entries(kept).every(([name, value]) => value === usual(event, name));
      if (kept && !same) next.events[event.key] = kept; else delete next.events[event.key];
    }, live);
  }

  const usual = (/** @type {any} */ event, /** @type {string} */ name) => {
    if (name === "months") return event.months;
    if (name === "on" || name === "until") return event[name] === null ? null : monthText(parseMonth(event[name]) ?? 0);
    return event.numbers.find((/** @type {any} */ one) => one.field === name)?.value;
  };

  function rowOf(/** @type {any} */ event) {
    const box = make("input", { type: "checkbox", checked: true, "aria-label": `${event.title} happens` });
    box.addEventListener("change", () => edit((next) => { if (box.checked) delete next.events[event.key]; else next.events[event.key] = { off: true }; }));
    const when = make("span", { class: "when" }), bar = make("span", { class: "bar", "aria-hidden": "true" });
    const track = make("div", { class: "track" }, make("span", { class: "line", "aria-hidden": "true" }, bar));
    let date = /** @type {any} */ (null), keys = /** @type {any} */ (null);
    if (event.on !== null) {
      date = dateTrack(data, event.title, (on) => moveTo(on));
      track.append(date);
    }
    const reset = make("button", { type: "button", class: "small", "aria-label": `reset ${event.title}`, click: () => edit((next) => { delete next.events[event.key]; }) }, "reset");
    const more = make("div", { class: "more" }, make("p", {}, event.sentence), event.note && make("p", { class: "aside" }, event.note));
    const controls = /** @type {Record<string, any>} */ ({}), months = /** @type {Record<string, any>} */ ({});
    const addMonth = (/** @type {string} */ name, /** @type {string} */ label, /** @type {() => [number, number]} */ bounds, /** @type {(month: number) => void} */ move) => {
      months[name] = monthControl(`${event.title}: ${label}`, bounds, move);
      more.append(make("label", { class: "field" }, make("span", {}, label), months[name].element));
    };
    if (date) {
      addMonth("on", "month", () => [start, last], (on) => { if (on !== now(event).on) moveTo(on, false); });
      if (event.until !== null) addMonth("until", "until (the first month without it)", () => [(now(event).on ?? start) + 1, last + 1200], (until) => { if (until !== now(event).until) change(event, { until: monthText(until) }, false); });
      keys = make("p", { class: "aside" }, KEYS_SAID);
      more.append(keys);
    }
    const add = (/** @type {string} */ name, /** @type {any} */ about, /** @type {(value: number) => any} */ changes) => {
      controls[name] = numberControl({ label: `${event.title}: ${about.label}`, ...about }, (value) => change(event, changes(value)));
      more.append(make("label", { class: "field" }, make("span", {}, about.label), controls[name].element));
    };
    if (event.months !== null) add("months", { label: "months it lasts", low: 1, high: 120, value: event.months, whole: true }, (months) => ({ months }));
    if (event.until !== null) {
      const { on, until } = now(event);
      add("length", { label: "months it lasts", low: 1, high: 1200, value: (until ?? 0) - (on ?? 0), whole: true },
        (months) => ({ until: monthText((now(event).on ?? start) + months) }));
    }
    for (const number of event.numbers) {
      const value = number.value ?? (number.low + number.high) / 2;
      add(number.field, { label: number.what || number.field, low: number.low, high: number.high, value, whole: number.whole }, (next) => ({ [number.field]: next }));
    }
    const title = make("summary", {}, make("span", { class: "title" }, event.title), " ", event.imposed && make("span", { class: "imposed" }, "imposed"), " ", when);
    const order = make("div", { class: "order" });
    const element = make("li", { "data-key": event.key }, make("span", { class: "switch" }, box), make("details", {}, title, more), track, reset, order);
    function moveTo(/** @type {number} */ on, live = true) { // an event keeps its length
      const { on: before, until } = now(event);
      change(event, { on: monthText(on), ...(until !== null && before !== null ? { until: monthText(until + on - before) } : {}) }, live);
    }
    return { element, key: event.key, first: parseMonth(event.on) ?? Infinity, show, moveTo };

    function show(/** @type {any[]} */ displaced) {
      const { own, on, end } = now(event);
      saidIn(order, event.key, displaced);
      box.checked = !own.off;
      element.classList.toggle("off", Boolean(own.off));
      reset.hidden = !Object.keys(own).length;
      element.classList.toggle("moved", !reset.hidden && !own.off);
      when.textContent = own.off ? "off" : on === null ? event.when : typeset(monthName(on));
      if (date && on !== null) {
        date.value = String(on);
        date.disabled = keys.hidden = Boolean(own.off);
        date.setAttribute("aria-valuetext", monthName(on));
        const share = (/** @type {number} */ month) => (100 * (Math.min(month, last) - start)) / Math.max(1, last - start);
        bar.style.left = `${share(on)}%`;
        bar.style.width = `${end === null ? 0 : Math.max(0, share(end) - share(on))}%`;
        months.on.set(on, Boolean(own.off));
        if (months.until && end !== null) months.until.set(end, Boolean(own.off));
      }
      for (const { field, value } of event.numbers) if (controls[field]) controls[field].set(own[field] ?? value ?? 0);
      if (controls.months) controls.months.set(now(event).months);
      if (controls.length) controls.length.set((now(event).until ?? 0) - (on ?? 0));
    }
  }

  return {
    show: (/** @type {any[]} */ displaced) => rows.forEach((/** @type {any} */ row) => row.show(displaced)),
    /** @param {string} key @param {number} on */
    move: (key, on) => rows.find((/** @type {any} */ row) => row.key === key).moveTo(on, false),
  };
}

/** In an event's row, whose place it takes and who takes its. @param {any} place @param {string} key @param {import("./event_order.js").Displaced[]} displaced */
export const saidIn = (place, key, displaced) => fill(place, ...displaced.filter(({ by, of }) => by.key === key || of.key === key).map((pair) => make("p", {}, typeset(displacedSaid(pair)))));

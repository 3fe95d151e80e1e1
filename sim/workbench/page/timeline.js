// The events: on and off, dragged along the timeline, their lengths and sizes.

import { byId, fill, make } from "./dom.js";
import { readEdit } from "./edits.js";
import { monthName, monthText, parseMonth, short } from "./wording.js";

/** A number with a slider and a box, both with a name. @param {any} about {label, low, high, value, whole, step} @param {(value: number) => void} change */
export function numberControl({ label, low, high, value, whole = false, unit = "" }, change) {
  const reach = value === 0 ? Math.min(1, high) : 4 * Math.abs(value); // bounds are wide: a slider is for what is near
  const shown = [Math.max(low, low < 0 ? -reach : 0), Math.min(high, reach)];
  const step = whole ? 1 : stepOf(shown[1] - shown[0]);
  const slider = make("input", { type: "range", min: shown[0], max: shown[1], step: "any", "aria-label": label, value });
  const box = make("input", { type: "number", min: low, max: high, step: "any", "aria-label": `${label}, exactly`, value: short(value) });
  slider.addEventListener("input", () => {
    const near = Math.round(Number(slider.value) / step) * step, next = Math.min(high, Math.max(low, Number(near.toPrecision(12))));
    box.value = short(next);
    change(next);
  });
  slider.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
    if (!by) return;
    event.preventDefault();
    slider.value = String(Number(slider.value) + by * step);
    slider.dispatchEvent(new Event("input"));
  });
  box.addEventListener("change", () => {
    const next = Number(box.value);
    if (box.value === "" || !Number.isFinite(next) || next < low || next > high || (whole && !Number.isInteger(next))) {
      box.setAttribute("aria-invalid", "true");
      byId("said").textContent = `${label}: ${box.value || "nothing"} is not allowed; allowed: ${whole ? "whole numbers" : "numbers"} from ${short(low)} to ${short(high)}.`;
      return;
    }
    box.removeAttribute("aria-invalid");
    put(next);
    change(next);
  });

  function put(/** @type {number} */ next) { // a number that was typed may lie beyond what the slider shows
    if (next > Number(slider.max)) slider.max = String(next);
    if (next < Number(slider.min)) slider.min = String(next);
    slider.value = String(next);
    box.value = short(next);
  }
  return { element: make("span", { class: "number" }, slider, box, make("span", { class: "unit" }, unit)),
           set: put };
}

const stepOf = (/** @type {number} */ span) => 10 ** Math.floor(Math.log10(span / 100));

/** The list of events. @param {any} data @param {() => any} edits @param {(change: (edits: any) => void, live?: boolean) => void} edit */
export function makeTimeline(data, edits, edit) {
  const list = byId("events"), start = data.start, last = data.start + data.steps - 1;
  const rows = data.stories[0].events.map(rowOf).sort((/** @type {any} */ a, /** @type {any} */ b) => a.first - b.first);
  fill(list, ...rows.map((/** @type {any} */ row) => row.element));
  fill(byId("years"), ...yearsOf());

  function yearsOf() {
    const found = [], wide = byId("years").clientWidth || 200, step = 12 * ([1, 2, 5, 10, 20].find((many) => (wide * 12 * many) / data.steps >= 34) ?? 50);
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
    const track = make("div", { class: "track" }, bar);
    let date = /** @type {any} */ (null);
    if (event.on !== null) {
      date = make("input", { type: "range", min: start, max: last, step: 1, "aria-label": `${event.title}: month` });
      date.addEventListener("input", () => {
        const on = Number(date.value), { on: before, until } = now(event);
        const moved = until !== null && before !== null ? { until: monthText(until + on - before) } : {};
        change(event, { on: monthText(on), ...moved });
      });
      track.append(date);
    }
    const reset = make("button", { type: "button", class: "small", "aria-label": `reset ${event.title}`, click: () => edit((next) => { delete next.events[event.key]; }) }, "reset");
    const more = make("div", { class: "more" }, make("p", {}, event.sentence), event.note && make("p", { class: "aside" }, event.note));
    const controls = /** @type {Record<string, any>} */ ({});
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
    const element = make("li", { "data-key": event.key }, make("span", { class: "switch" }, box), make("details", {}, title, more), track, reset);
    return { event, element, first: parseMonth(event.on) ?? Infinity, show };

    function show() {
      const { own, on, end } = now(event);
      box.checked = !own.off;
      element.classList.toggle("off", Boolean(own.off));
      reset.hidden = !Object.keys(own).length;
      element.classList.toggle("moved", !reset.hidden && !own.off);
      when.textContent = own.off ? "off" : on === null ? event.when : monthName(on);
      if (date && on !== null) {
        date.value = String(on);
        date.disabled = Boolean(own.off);
        date.setAttribute("aria-valuetext", monthName(on));
        const share = (/** @type {number} */ month) => (100 * (Math.min(month, last) - start)) / Math.max(1, last - start);
        bar.style.left = `${share(on)}%`;
        bar.style.width = `${end === null ? 0 : Math.max(0, share(end) - share(on))}%`;
      }
      for (const { field, value } of event.numbers) if (controls[field]) controls[field].set(own[field] ?? value ?? 0);
      if (controls.months) controls.months.set(now(event).months);
      if (controls.length) controls.length.set((now(event).until ?? 0) - (on ?? 0));
    }
  }

  return { show: () => rows.forEach((/** @type {any} */ row) => row.show()) };
}

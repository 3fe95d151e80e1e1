// What a hand moves: a number with its slider, a month in a field, a month on a track.

import { byId, make } from "./dom.js";
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

/** A month in a field: the browser's own where it has one, else text, which is checked alike.
 * @param {string} label @param {() => [number, number]} bounds @param {(month: number) => void} change */
export function monthControl(label, bounds, change) {
  const box = make("input", { type: "month", placeholder: "2020-06", autocomplete: "off", "aria-label": label }), said = make("span", { class: "problems", role: "alert" });
  const own = box.type === "month", hint = make("span", { class: "hint" }, own ? "Type the month, Tab, the year; Enter or leaving the field applies it." : "Write a month such as 2020-06; Enter or leaving the field applies it.");
  let typing = false, now = /** @type {number | null} */ (null); // what is half typed is nobody's wish yet
  const allowed = (/** @type {number | null} */ month) => month !== null && month >= bounds()[0] && month <= bounds()[1];
  const take = () => {
    const month = parseMonth(box.value.trim());
    if (allowed(month)) change(/** @type {number} */ (month));
    return allowed(month);
  };
  const check = () => {
    typing = false;
    const wrong = !take(), [low, high] = bounds();
    complain(wrong ? `${own ? "This month" : box.value.trim() || "Nothing"} is not allowed; ${own ? "" : "write a month such as 2020-06, "}from ${monthName(low)} to ${monthName(high)}.${now === null ? "" : ` It stays ${monthName(now)}.`}` : "");
  };
  const complain = (/** @type {string} */ text) => {
    box.setAttribute("aria-invalid", String(text !== ""));
    said.textContent = text;
  };
  box.addEventListener("input", () => { if (allowed(parseMonth(box.value.trim()))) complain(""); });
  box.addEventListener("change", () => { if (!typing && (allowed(parseMonth(box.value.trim())) || document.activeElement !== box)) check(); });
  box.addEventListener("blur", () => { if (typing || box.getAttribute("aria-invalid") === "true") check(); });
  box.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter") check();
    else if (/^.$|^(Backspace|Delete)$/u.test(event.key) && !event.ctrlKey && !event.metaKey) typing = true;
  });
  return {
    element: make("span", { class: "month" }, box, said, hint),
    /** @param {number} month @param {boolean} off */
    set(month, off = false) {
      [box.min, box.max] = bounds().map(monthText);
      box.disabled = off;
      if (now === month && (typing || box.getAttribute("aria-invalid") === "true")) return; // of what a hand writes here nothing is in force yet
      [now, typing] = [month, false];
      if (parseMonth(box.value) !== month) box.value = monthText(month);
      complain("");
    },
  };
}

/** A month on a track, by mouse and keys. @param {any} data @param {string} title @param {(month: number) => void} move */
export function dateTrack(data, title, move) {
  const date = make("input", { type: "range", min: data.start, max: data.start + data.steps - 1, step: 1, "aria-label": `${title}: month` });
  date.addEventListener("input", () => move(Number(date.value)));
  date.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const { key, shiftKey } = event, years = key === "PageUp" ? 1 : key === "PageDown" ? -1 : !shiftKey ? 0 : ["ArrowRight", "ArrowUp"].includes(key) ? 1 : ["ArrowLeft", "ArrowDown"].includes(key) ? -1 : 0;
    if (!years) return;
    event.preventDefault();
    date.value = String(Number(date.value) + 12 * years);
    move(Number(date.value));
    date.dispatchEvent(new Event("change", { bubbles: true })); // a move of its own, for undo
  });
  return date;
}
/** What is said of these keys. */
export const KEYS_SAID = "On the track, arrow keys move it by a month, and with Shift, or Page Up and Page Down, by a year.";

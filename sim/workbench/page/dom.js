// Elements: text is always text, never markup.

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} id @returns {any} */
export const byId = (id) => document.getElementById(id);

/** An element with attributes and children. @param {string} tag @param {Record<string, any>} attributes @param {...any} children @returns {any} */
export function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((child) => child !== false && child !== null && child !== undefined && child !== ""));
  return made;
}

/** @param {string} tag @param {Record<string, any>} attributes @param {...any} children @returns {any} */
export function makeSvg(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** What is under an element becomes these. @param {any} place @param {...any} children */
export const fill = (place, ...children) => place.replaceChildren(...children);

/** A choice of one. @param {Record<string, any>} attributes @param {[string, string][]} options @param {string} chosen */
export function select(attributes, options, chosen) {
  const made = make("select", attributes, ...options.map(([value, text]) => make("option", { value }, text)));
  made.value = chosen;
  return made;
}

/** A colour of the page's style. @param {string} name */
export const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** Say what a button did, beside it; nothing takes it away. @param {any} button @param {string} text */
export function confirm(button, text) {
  for (const old of document.querySelectorAll(".done")) old.remove();
  if (!button) return;
  const place = button.closest(".buttons") ?? button, told = make("span", { class: "done", role: "status" });
  place.after(told);
  setTimeout(() => { told.textContent = text; }); // of what is there already a reader hears that it changes
}

/** Say something to who cannot see what changed, and on the line of messages. @param {string} text */
export function say(text) {
  byId("said").textContent = text;
}

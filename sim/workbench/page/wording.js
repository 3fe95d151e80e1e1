// How numbers, shares and dates are said: the same strings as sim/wording.py gives.

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const DATED = new RegExp(`(${MONTHS.join("|")}) (?=\\d{4})`, "g");

/** A number with so many decimals, exact ties to even, as Python formats it. @param {number} value @param {number} digits */
export function fixed(value, digits) {
  const said = value.toFixed(digits);
  if (!Number.isFinite(value) || digits > 80) return said;
  const long = Math.abs(value).toFixed(Math.min(100, digits + 20)), cut = long.length - 20;
  if (long.slice(cut) !== "5".padEnd(20, "0")) return said;
  const down = long.slice(0, digits ? cut : cut - 1); // a tie: the last digit is to be even
  if (Number(down.at(-1)) % 2) return said;
  return (value < 0 ? "-" : "") + down;
}

/** A whole number, exact ties to even. @param {number} value */
export const rounded = (value) => Number(fixed(value, 0));

/** Thousands parted. @param {string} digits */
const parted = (digits) => digits.replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));

/** A number with thousands parted and no sign on a zero; `-` where there is none.
 * @param {number} value */
export function number(value, digits = 3, signed = false) {
  if (Number.isNaN(value)) return "-";
  const text = parted(fixed(Math.abs(value), digits));
  if (!/[1-9]/.test(text)) return text;
  return (value < 0 ? "-" : signed ? "+" : "") + text;
}

/** A change, with its sign. @param {number} value */
export const signed = (value, digits = 3) => number(value, digits, true);

/** A change; one that rounds to zero is `+<0.001` unless it is exactly that. @param {number} value */
export function notNothing(value, digits = 3) {
  const text = number(value, digits, true);
  if (value === 0 || Number.isNaN(value) || /[1-9]/.test(text)) return text;
  return `${value > 0 ? "+" : "-"}<${fixed(10 ** -digits, digits)}`;
}

/** A share in whole per cent, 0 % and 100 % only where exact. @param {number} share */
export function percent(share) {
  if (share > 0 && share < 0.01) return "<1 %";
  return share > 0.99 && share < 1 ? ">99 %" : `${fixed(100 * share, 0)} %`;
}

/** A number as short as it can be, as Python's `g` writes it. @param {number} value */
export function short(value, digits = 6) {
  if (!Number.isFinite(value)) return String(value);
  const [mantissa, power] = value.toExponential(digits - 1).split("e"), e = Number(power);
  if (e < -4 || e >= digits) return `${Number(mantissa)}e${e < 0 ? "-" : "+"}${String(Math.abs(e)).padStart(2, "0")}`;
  return String(Number(value.toPrecision(digits)));
}

/** A text as a sentence begins. @param {string} text */
export const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);

/** a; a and b; a, b and c. @param {string[]} parts */
export const listing = (parts) => parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;

/** `2017-06` of a month's number (12 times the year and the month from 0). @param {number} month */
export const monthText = (month) => `${String(Math.floor(month / 12)).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}`;

/** `June 2017`. @param {number} month */
export const monthName = (month) => `${MONTHS[month % 12]} ${Math.floor(month / 12)}`;

/** The number of a month written `2017-06` or `2017-06-09`; null where it is none. @param {unknown} text */
export function parseMonth(text) {
  const found = typeof text === "string" ? /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(text) : null;
  if (!found) return null;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3] ?? 1)];
  if (month < 1 || month > 12 || day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null;
  return 12 * year + month - 1;
}

/** For the eye only: minus signs before digits, and no line that breaks within a date or before a percent sign. @param {string} text */
export const typeset = (text) => text.replace(/(^|[\s(\[])-(?=[\d<])/g, "$1\u2212").replace(DATED, "$1\u00a0").replace(/(\d) %/g, "$1\u00a0%");

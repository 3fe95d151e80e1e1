// The page's numbers, and words for them. Every part below is a function of `data` and of the elements it is about.

const data = JSON.parse(document.getElementById("data").textContent);
const SVG = "http://www.w3.org/2000/svg";
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const byId = (id) => document.getElementById(id);

// An HTML element with attributes and children; text is always text, never markup.
function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function makeSvg(tag, attributes = {}) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

// A month number (12 * year + month - 1) in words.
const monthName = (month) => `${MONTHS[Math.floor(month) % 12]} ${Math.floor(month / 12)}`;

// What is measured at a bound is the state at the end of the month before it; the first one is the start.
const boundName = (month, first) => (month === first ? `Start of ${monthName(month)}` : `End of ${monthName(month - 1)}`);

// A number with a true minus sign, thousands parted, and no sign on a zero.
function number(value, digits, signed = false) {
  if (value === null || value === undefined) return "–";
  const text = Math.abs(value).toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  if (!/[1-9]/.test(text)) return text;
  return (value < 0 ? "\u2212" : signed ? "+" : "") + text;
}

// A share that claims certainty only where it is exact.
function percent(share) {
  if (share > 0 && share < 0.01) return "<1 %";
  if (share > 0.99 && share < 1) return ">99 %";
  return `${Math.round(100 * share)} %`;
}

// One row of a series from its steps (see compact.steps in the package).
function decode(row, count, digits) {
  const scale = 10 ** digits;
  if (!Array.isArray(row)) return new Array(count).fill(row === null ? null : row / scale);
  let total = 0;
  return row.map((step) => (step === null ? null : (total += step) / scale));
}

const decoded = new Map();

// A series of a view: {digits, months, rows}; rows from low to high, the median in the middle. Null where there is none.
function series(view, measure, subject) {
  const key = `${view}\n${measure}\n${subject}`;
  if (!decoded.has(key)) {
    const coded = (data.views[view].series[measure] || {})[subject];
    if (!coded) {
      decoded.set(key, null);
    } else {
      const [digits, first, gap, count, ...rows] = coded;
      const months = Array.isArray(first) ? first : Array.from({ length: count }, (_, k) => first + k * gap);
      decoded.set(key, { digits, months, rows: rows.map((row) => decode(row, count, digits)) });
    }
  }
  return decoded.get(key);
}

const median = (one) => one.rows[one.rows.length >> 1];

// A colour between stops for a value on a scale from -most to most.
function mixed(value, most, stops) {
  if (value === null || Number.isNaN(value)) return "#ebebeb";
  const share = (Math.min(Math.max(value / most, -1), 1) + 1) / 2;
  const place = share * (stops.length - 1);
  const low = Math.min(Math.floor(place), stops.length - 2);
  const channel = (at) => {
    const [a, b] = [stops[low], stops[low + 1]].map((stop) => parseInt(stop.slice(at, at + 2), 16));
    return Math.round(a + (b - a) * (place - low)).toString(16).padStart(2, "0");
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

// The one tooltip; null hides it.
function tip(text, event) {
  const box = byId("tip");
  box.hidden = text === null;
  if (text === null) return;
  box.textContent = text;
  const { width, height } = box.getBoundingClientRect();
  const left = Math.min(event.clientX + 14, document.documentElement.clientWidth - width - 6);
  const top = event.clientY + 18 + height > window.innerHeight ? event.clientY - height - 10 : event.clientY + 18;
  box.style.left = `${Math.max(6, left)}px`;
  box.style.top = `${top}px`;
}

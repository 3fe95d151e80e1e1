// The file that says the same, and what can be taken along: YAML, CSV, PNG, SVG, and the page's state.

import { byId, confirm, fill, make, say } from "./dom.js";
import { svgOf } from "./chart.js";
import { monthText } from "./wording.js";
import { reproduction } from "./yaml.js";

/** @param {any} data @param {() => any} state @param {any} charts @param {() => string} text of the state
 * @param {(text: string) => void} take a state's text @param {() => string} answer */
export function makeFiles(data, state, charts, text, take, answer) {
  const dialog = byId("file"), name = byId("file-name");
  name.value = `${data.scenario}_changed`;
  const safe = () => name.value.toLowerCase().replace(/[^a-z0-9_]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 60) || "changed";

  function draw() {
    const { files, commands, robust } = reproduction(data, state(), safe());
    fill(byId("file-files"), ...files.flatMap((file) => [make("h3", {}, file.name), make("textarea", { readonly: true, rows: Math.min(16, file.text.split("\n").length), spellcheck: "false", "aria-label": file.name }, file.text),
      make("p", { class: "buttons" }, make("button", { type: "button", click: () => copy(null, file.text, `${file.name} is copied.`) }, `Copy ${file.name}`), make("button", { type: "button", click: () => download(file.name, file.text, "application/yaml") }, `Download ${file.name}`))]));
    fill(byId("file-commands"), commands.join("\n"));
    fill(byId("file-robust"), robust);
    byId("file-said").textContent = "";
  }
  name.addEventListener("input", draw);
  byId("show-file").addEventListener("click", () => { draw(); dialog.showModal(); });
  byId("copy-file").addEventListener("click", () => {
    const [mine, beside] = reproduction(data, state(), safe()).files;
    copy(byId("copy-file"), mine.text, `${mine.name} is copied.${beside ? " The other story has a file of its own, since assumptions apply to both: Show me the file." : ""}`);
  });
  byId("copy-commands").addEventListener("click", () => copy(null, byId("file-commands").textContent, "The commands are copied."));
  byId("file-close").addEventListener("click", () => dialog.close());

  const actions = /** @type {Record<string, () => void>} */ ({
    csv: () => download(`${safe()}.csv`, csvOf(data, charts.shown()), "text/csv"),
    svg: () => download(`${safe()}.svg`, svgOf(data, charts.shown(), [byId("charted").textContent, answer()]), "image/svg+xml"),
    png: () => pngOf(charts).toBlob((/** @type {any} */ blob) => download(`${safe()}.png`, blob, "image/png")),
    state: () => download(`${safe()}.json`, text(), "application/json"),
  });
  for (const [kind, act] of Object.entries(actions)) byId(`take-${kind}`).addEventListener("click", act);
  byId("open-state").addEventListener("change", async () => {
    const [file] = byId("open-state").files;
    if (!file) return;
    if (file.size > 1e6) say("This file is larger than any state of this page.");
    else take(await file.text());
    byId("open-state").value = "";
  });
  byId("copy-link").addEventListener("click", () => copy(byId("copy-link"), location.href, "The address is copied."));

  async function copy(/** @type {any} */ button, /** @type {string} */ what, /** @type {string} */ done) {
    const tell = (/** @type {string} */ words) => (button ? confirm(button, words) : fill(byId("file-said"), words));
    try {
      await navigator.clipboard.writeText(what);
      tell(done);
    } catch {
      tell("This browser does not let a page copy: choose the text, or take the address from its bar.");
    }
  }
}

/** Offer something as a file. @param {string} name @param {string | Blob} what @param {string} type */
export function download(name, what, type) {
  const address = URL.createObjectURL(new Blob([what], { type }));
  const link = make("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

/** What the charts show, a row a month. @param {any} data @param {any} shown */
function csvOf(data, shown) {
  const few = shown.changed.length === 3, names = few ? ["low", "median", "high"] : ["q05", "q25", "median", "q75", "q95"];
  const head = ["time", ...["yours", "other", "difference"].flatMap((story) => names.map((name) => `${story}_${name}`))];
  const rows = shown.bounds.map((/** @type {number} */ bound, /** @type {number} */ k) => [monthText(data.start + bound), ...[shown.changed, shown.unchanged, shown.difference].flatMap((story) => story.map((/** @type {any[]} */ row) => row[k] ?? ""))]);
  return `${[head, ...rows].map((row) => row.join(",")).join("\n")}\n`;
}

/** The two charts, one above the other. @param {any} charts */
function pngOf(charts) {
  const parts = charts.canvases(), sheet = document.createElement("canvas"), pen = /** @type {CanvasRenderingContext2D} */ (sheet.getContext("2d"));
  sheet.width = parts[0].width;
  sheet.height = parts.reduce((/** @type {number} */ sum, /** @type {any} */ part) => sum + part.height + 10, 0);
  pen.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
  pen.fillRect(0, 0, sheet.width, sheet.height);
  let top = 0;
  for (const part of parts) {
    pen.drawImage(part, 0, top);
    top += part.height + 10;
  }
  return sheet;
}

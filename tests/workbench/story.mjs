// node story.mjs DATA KERNEL EDITS REPLICATES: for each of some edits, the story that the page's modules make of it: its file,
// the digest of the measures of its first replicates by the page's kernel, and what the page says of it beside the unchanged one.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { answer, cautions, differenceOf, SIDES, spanOf } from "../../sim/workbench/page/answer.js";
import { stretch, writeBlock } from "../../sim/workbench/page/block.js";
import { openStory } from "../../sim/workbench/page/data.js";
import { noEdits, readState, stateText } from "../../sim/workbench/page/edits.js";
import { startKernel } from "../../sim/workbench/page/kernel.js";
import { changedPlan } from "../../sim/workbench/page/plan.js";
import { variesIn } from "../../sim/workbench/page/start.js";
import { carryOut, countTogether, rest, sharesOf } from "../../sim/workbench/page/rest.js";
import { reproduction, yamlOf } from "../../sim/workbench/page/yaml.js";

const [dataFile, kernelFile, editsFile, replicates] = process.argv.slice(2);
const data = JSON.parse(readFileSync(dataFile, "utf-8")), layout = data.layout, n = data.states.length, count = Number(replicates);
for (const story of data.stories) await openStory(data, story);
const kernel = await startKernel(readFileSync(kernelFile), BigInt(layout.digest));
const head = { magic: layout.head.plan, version: layout.version, digest: layout.digest };

function measured(edits, actions) {
  const { parts, booked, make } = changedPlan(data, data.stories[0], edits, { actions, assumptions: actions });
  const sizes = { n, events: parts.event_table.rows, accounts: data.accounts.length + booked.length, steps: data.steps,
                  monthly: data.columns.monthly.length, yearly: data.columns.yearly.length };
  const { parts: cut, differ } = stretch(parts, 0, count, data.counts, data.rested, make);
  const plan = writeBlock(head, layout.plan, cut);
  const { decides } = data.stories[0];
  const apart = decides.sections.some((name) => parts[name].rows > 1) || decides.parameters.some((column) => variesIn(parts.parameters, column));
  rest(kernel, plan, n, 0, differ ? count : 1, apart ? null : sharesOf([countTogether(kernel, plan, n, 0, 256)]));
  return carryOut(kernel, layout, sizes, plan, count);
}

function series(got, measure, subject) {
  for (const kind of ["monthly", "yearly"]) {
    const columns = data.columns[kind], name = measure in SIDES ? "bloc" : measure;
    const column = columns.findIndex(([key, of]) => key === name && of === subject);
    if (column < 0) continue;
    const bounds = [];
    for (let bound = 0; bound < data.steps; bound += kind === "monthly" ? 1 : 12) bounds.push(bound);
    bounds.push(data.steps);
    const long = got[kind].each, value = (x) => (measure in SIDES ? Number(x === SIDES[measure]) : x);
    return { bounds, rows: Array.from({ length: count }, (_, r) => Float64Array.from(bounds, (_, k) => value(got[kind].data[r * long + k * columns.length + column]))) };
  }
  throw new Error(measure);
}

const told = [], plain = measured(noEdits(), false);
for (const { edits, asked = [] } of JSON.parse(readFileSync(editsFile, "utf-8"))) {
  const { state, said } = readState(data, JSON.stringify({ ...JSON.parse(stateText(data, { edits, view: null })), edits }));
  const got = measured(state.edits, true), digest = createHash("sha256");
  for (const kind of ["monthly", "yearly"]) digest.update(new Uint8Array(got[kind].data.buffer));
  let parted = null;
  for (const kind of ["monthly", "yearly"]) for (let r = 0; r < count; r++) {
    const wide = data.columns[kind].length, long = got[kind].each;
    for (let k = 0; k < long; k++) {
      const [a, b] = [got[kind].data[r * long + k], plain[kind].data[r * long + k]];
      if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
      const row = Math.floor(k / wide), bound = kind === "monthly" ? row : Math.min(12 * row, data.steps);
      parted = Math.min(parted ?? Infinity, bound);
      break;
    }
  }
  const first = parted === null ? null : Math.max(data.start + parted - 1, data.start), last = data.start + data.steps - 1;
  const answers = asked.map(([measure, subject]) => {
    const { unit } = data.measures.find((one) => one.key === measure);
    const d = differenceOf(series(got, measure, subject), series(plain, measure, subject), data.start, spanOf(unit, data.start, last, first));
    return answer(d, { measure, unit, phrase: data.phrases[`${measure}:${subject}`][0], names: ["A", "B"], replicates: count });
  });
  const [measure, subject] = asked[0] ?? ["cooperation", "world"];
  const view = { measure, subject, at: null, replicates: count, against: 0 };
  told.push({ said, reproduction: reproduction(data, { edits: state.edits, view }, "tried"), digest: digest.digest("hex"), parted: first, answers, kept: state.edits,
              yaml: yamlOf(data, state.edits, { place: 0, actions: true, assumptions: true }, { title: "A story that was changed", question: "What if?" }) });
}
console.log(JSON.stringify(told));

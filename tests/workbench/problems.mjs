// node problems.mjs DATA EVENTS: what the page finds wrong with each of some events, and with the story that has it.
import { readFileSync } from "node:fs";
import { contradictions, problemsOf } from "../../sim/workbench/page/event_check.js";
import { noEdits } from "../../sim/workbench/page/edits.js";

const [data, events] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, "utf-8")));
const found = events.map((raw) => {
  const problems = problemsOf(data, raw).map(({ text }) => text);
  return problems.length ? problems : contradictions(data, { ...noEdits(), added: [{ slot: 0, raw, assumed: false }] });
});
console.log(JSON.stringify(found));

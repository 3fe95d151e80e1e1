// node addresses.mjs DATA STATES: reads states that may be anything, and makes the plan of what is left of each.
import { readFileSync } from "node:fs";
import { openStory } from "../../sim/workbench/page/data.js";
import { readState, stateText } from "../../sim/workbench/page/edits.js";
import { contradictions } from "../../sim/workbench/page/event_check.js";
import { changedPlan } from "../../sim/workbench/page/plan.js";
import { stretch, writeBlock } from "../../sim/workbench/page/block.js";
import { reproduction } from "../../sim/workbench/page/yaml.js";

const [data, states] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, "utf-8")));
for (const story of data.stories) await openStory(data, story);
const head = { magic: data.layout.head.plan, version: data.layout.version, digest: data.layout.digest };
const told = states.map((text) => {
  const { state, said } = readState(data, text);
  if (!state) return { said };
  const again = readState(data, stateText(data, state));
  const { parts, make } = changedPlan(data, data.stories[0], state.edits, { actions: true, assumptions: true });
  writeBlock(head, data.layout.plan, stretch(parts, 0, 2, data.counts, data.rested, make).parts);
  contradictions(data, state.edits);
  return { said, whole: JSON.stringify(again.state) === JSON.stringify(state), files: reproduction(data, state, "a").files.map(({ text: file }) => file) };
});
console.log(JSON.stringify(told));

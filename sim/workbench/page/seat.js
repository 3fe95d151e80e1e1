// The seat: one replicate, stopped each quarter for who plays a state; the same as sim/env.py, in whose file a game is kept.

import { readBlock } from "./block.js";
import { byId, fill, make, say, select } from "./dom.js";
import { unchanged } from "./edits.js";
import { download } from "./files.js";
import { monthName, monthText, number, typeset } from "./wording.js";
import { yamlOf } from "./yaml.js";

const QUARTER = 3, BY_ITSELF = 2;
const WORDS = /** @type {[string, string][]} */ ([[String(BY_ITSELF), "as the model decides"], ["1", "cooperate"], ["0", "stay neutral"], ["-1", "confront"]]);
const TIES = ["", ", consultation", ", defence pact"], DID = ["confronts you", "is neutral", "cooperates"];

/** @param {any} data @param {any} bench @param {any} team @param {() => any} state */
export function makeSeat(data, bench, team, state) {
  const n = data.states.length, stop = data.start + data.steps, layout = data.layout.saved;
  const names = data.states.map((/** @type {string} */ code) => [code, data.names[code] ?? code]).sort((/** @type {any} */ a, /** @type {any} */ b) => a[1].localeCompare(b[1], "en"));
  const years = /** @type {[string, string][]} */ ([]);
  for (let month = data.start; month < stop; month += 12) years.push([String(month), monthName(month)]);
  const who = select({}, names, data.first.pair[0]), from = select({}, years, years[0][0]), luck = make("input", { type: "number", min: 0, max: data.most - 1, value: 0 });
  const play = byId("seat-play");
  let game = /** @type {any} */ (null);
  fill(byId("seat-choose"), make("label", {}, "State ", who), make("label", {}, " from ", from), make("label", {}, " replicate ", luck), make("button", { type: "button", click: () => guarded(begin) }, "Play from here"));

  const guarded = (/** @type {() => Promise<void>} */ act) => act().catch((error) => say(`The game stopped: ${error.message}.`));

  async function begin() {
    const replicate = Math.min(data.most - 1, Math.max(0, Math.trunc(Number(luck.value)) || 0)), first = Number(from.value);
    fill(play, make("p", { class: "aside" }, "Simulating …"));
    const { edits } = structuredClone(state());
    let { state: block } = await team.alone({ what: "play", ...(await bench.game(replicate)) });
    for (let month = data.start; month < first; month++) block = await pass(block, month, null);
    game = { player: who.value, first, month: first, replicate, edits, block, model: block, turns: [], courses: [[], []] };
    keep();
    draw();
  }

  const pass = async (/** @type {any} */ block, /** @type {number} */ month, /** @type {Int8Array | null} */ imposed) => (await team.alone({ what: "step", state: block, month, imposed })).state;

  // What is compared: cooperation of the state, trust of the others in it, its months of crisis in the last year.
  function measured(/** @type {Uint8Array} */ block) {
    const parts = readBlock(block, layout), i = data.states.indexOf(game.player);
    const column = data.columns.monthly.findIndex((/** @type {any} */ [name, of]) => name === "cooperation" && of === game.player);
    let trust = 0;
    for (let j = 0; j < n; j++) if (j !== i) trust += parts.trust.data[j * n + i];
    return [parts.measures.data[column], trust / (n - 1)];
  }

  function keep() {
    game.courses[0].push(measured(game.block));
    game.courses[1].push(measured(game.model));
  }

  async function turn(/** @type {Record<string, number>} */ chosen) {
    const i = data.states.indexOf(game.player), imposed = new Int8Array(n * n).fill(BY_ITSELF);
    for (const [code, choice] of Object.entries(chosen)) imposed[i * n + data.states.indexOf(code)] = choice;
    game.turns.push(Object.keys(chosen).length ? { [game.player]: chosen } : {});
    for (let k = 0; k < QUARTER && game.month < stop; k++, game.month++) {
      game.block = await pass(game.block, game.month, Object.keys(chosen).length ? imposed : null);
      game.model = await pass(game.model, game.month, null);
    }
    keep();
  }

  function draw() {
    const over = game.month >= stop, parts = readBlock(game.block, layout), i = data.states.indexOf(game.player);
    const said = ["cooperation with all others", "trust of the others in it"].map((what, k) => {
      const [mine, model] = game.courses.map((/** @type {any} */ course) => course.at(-1)[k]);
      return make("tr", {}, make("th", { scope: "row" }, what), ...[mine, model, mine - model].map((value, at) => make("td", {}, typeset(number(value, 3, at === 2)))));
    });
    const table = make("table", { class: "numbers" }, make("caption", {}, `${data.names[game.player]}, ${over ? "at the end" : `before ${monthName(game.month)}`}`),
      make("thead", {}, make("tr", {}, ...["", "you", "the model", "difference"].map((word) => make("th", { scope: "col" }, word)))), make("tbody", {}, ...said));
    const boxes = /** @type {[string, any][]} */ ([]), last = game.turns.at(-1)?.[game.player] ?? {};
    const rows = over ? [] : names.filter((/** @type {any} */ [code]) => code !== game.player).flatMap((/** @type {any} */ [code, name]) => {
      const j = data.states.indexOf(code), box = select({ "aria-label": `Toward ${name}` }, WORDS, String(last[code] ?? BY_ITSELF));
      boxes.push([code, box]);
      const crisis = parts.crisis.data[i * n + j] ? ", crisis" : "";
      return [make("span", {}, name), make("span", { class: "aside" }, `${DID[parts.action.data[j * n + i] + 1]}; trusts you ${typeset(number(parts.trust.data[j * n + i], 2))}${TIES[parts.tie.data[i * n + j]]}${crisis}`), box];
    });
    const chosen = () => Object.fromEntries(boxes.map(([code, box]) => [code, Number(box.value)]).filter(([, value]) => value !== BY_ITSELF));
    const go = (/** @type {boolean} */ whole) => guarded(async () => {
      const own = chosen();
      do await turn(own); while (whole && game.month < stop);
      draw();
    });
    const all = select({ "aria-label": "Toward all" }, [["", "toward all …"], ...WORDS], "");
    all.addEventListener("change", () => { if (all.value !== "") for (const [, box] of boxes) box.value = all.value; all.value = ""; });
    fill(play, table, ...(over ? [] : [make("div", { class: "controls" }, all), make("div", { class: "choices" }, ...rows)]),
      make("div", { class: "buttons" }, ...(over ? [] : [make("button", { type: "button", id: "seat-next", click: () => go(false) }, `Play ${monthName(game.month)} to ${monthName(Math.min(game.month + QUARTER, stop) - 1)}`),
        make("button", { type: "button", id: "seat-rest", click: () => go(true) }, "Go on like this to the end")]),
      make("button", { type: "button", id: "seat-save", click: () => download(`${data.scenario}_game.json`, JSON.stringify(gameFile()), "application/json") }, "Keep the game as a file")));
  }

  /** The file of the game; sim.env.replay plays it again. */
  function gameFile() {
    const which = { place: 0, actions: true, assumptions: true };
    return {
      form: 1, scenario: data.scenario, yaml: unchanged(game.edits) ? null : yamlOf(data, game.edits, which, { title: `${data.title}, played`, question: data.question }), seed: data.seed,
      replicate: game.replicate, months: QUARTER, from: monthText(game.first), turns: game.turns, trust: [...readBlock(game.block, layout).trust.data],
    };
  }

  return { gameFile };
}

// What the page carries: the numbers, the kernel and the worker's text.

import { readBlock } from "./block.js";

/** @param {string} id */
const textOf = (id) => /** @type {HTMLElement} */ (document.getElementById(id)).textContent ?? "";

/** Bytes from their text: base64 of gzip. @param {string} text @returns {Promise<Uint8Array>} */
async function unpack(text) {
  const packed = Uint8Array.from(atob(text.trim()), (sign) => sign.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** @returns {any} */
export const readData = () => JSON.parse(textOf("data"));
export const readWorker = () => JSON.parse(textOf("worker"));
export const readKernel = () => unpack(textOf("kernel"));

/** The parts of a story's plan and what its start is made of, from their texts. @param {any} data @param {any} story */
export async function openStory(data, story) {
  story.parts = readBlock(await unpack(story.plan), data.layout.plan);
  const cells = data.states.length ** 2, packed = story.begin.grounds;
  if (!packed) return;
  const all = new Float64Array((await unpack(packed)).buffer);
  story.begin.grounds = Object.fromEntries(["tone", "record", "events", "known"].map((name, k) => [name, all.subarray(k * cells, (k + 1) * cells)]));
}

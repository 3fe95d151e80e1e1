// What the page carries: the numbers, the kernel and the worker's text.

/** @param {string} id */
const textOf = (id) => /** @type {HTMLElement} */ (document.getElementById(id)).textContent ?? "";

/** Bytes from their text: base64 of gzip. @param {string} text @returns {Promise<Uint8Array>} */
export async function unpack(text) {
  const packed = Uint8Array.from(atob(text.trim()), (sign) => sign.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** @returns {any} */
export const readData = () => JSON.parse(textOf("data"));
export const readWorker = () => JSON.parse(textOf("worker"));
export const readKernel = () => unpack(textOf("kernel"));

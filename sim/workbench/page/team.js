// Workers that share jobs: the next free one takes the next job; what nobody has begun can be taken back.

/** @param {string} code of a worker @param {Uint8Array} wasm @param {any} layout @param {number} size */
export function makeTeam(code, wasm, layout, size) {
  const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const waiting = /** @type {any[]} */ ([]), asked = new Map();
  let number = 0;
  const members = Array.from({ length: size }, () => ({ worker: new Worker(address), busy: true }));
  for (const member of members) {
    member.worker.addEventListener("message", ({ data: { id, found, error } }) => {
      const { resolve, reject } = asked.get(id);
      asked.delete(id);
      member.busy = false;
      if (error) reject(new Error(error)); else resolve(found);
      next();
    });
  }
  const ready = Promise.all(members.map((member) => send(member, { what: "begin", wasm, layout })));

  /** @param {any} member @param {any} job @returns {Promise<any>} */
  function send(member, job) {
    member.busy = true;
    number += 1;
    const id = number;
    return new Promise((resolve, reject) => {
      asked.set(id, { resolve, reject });
      member.worker.postMessage({ id, ...job });
    });
  }

  function next() {
    for (const member of members) {
      if (member.busy || !waiting.length) continue;
      const { job, resolve, reject } = waiting.shift();
      send(member, job()).then(resolve, reject);
    }
  }

  return {
    size,
    ready,
    /** Ask for a job, made when somebody begins it; null where it was taken back. @param {() => any} job @returns {Promise<any>} */
    ask: (job) => new Promise((resolve, reject) => { waiting.push({ job, resolve, reject }); next(); }),
    /** Take back what nobody has begun. */
    clear() {
      for (const { resolve } of waiting.splice(0)) resolve(null);
    },
    /** The first worker alone, for what keeps something between jobs. @param {any} job */
    alone: (job) => send(members[0], job),
  };
}

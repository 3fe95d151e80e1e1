// Tables of trust: what a cell says when it is pointed at, and which dyad a click chooses in the ledger.

function trust(chooseDyad) {
  const { order, panels } = data.trust;
  for (const figure of document.querySelectorAll("[data-panel]")) {
    const drawing = figure.querySelector(".heat"), values = panels[Number(figure.dataset.panel)];
    const change = figure.querySelector("figcaption").textContent;
    const cell = (event) => {
      const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
      const [i, j] = [Math.floor(place.y), Math.floor(place.x)];
      const inside = i >= 0 && j >= 0 && i < order.length && j < order.length && i !== j;
      return inside ? { from: order[i], to: order[j], value: values[i][j] / 10000 } : null;
    };
    drawing.addEventListener("pointermove", (event) => {
      const found = cell(event);
      const name = (code) => data.names[code] || code;
      tip(found && `${name(found.from)} in ${name(found.to)}: ${number(found.value, 3, true)} (${change})`, event);
    });
    drawing.addEventListener("pointerleave", () => tip(null));
    drawing.addEventListener("click", (event) => {
      const found = cell(event);
      if (found) chooseDyad(found.from, found.to);
    });
  }
}

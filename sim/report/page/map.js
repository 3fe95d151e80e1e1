// The map by month: alignment as colour, the most frequent side as a letter, hatching where replicates disagree.

const SIDES = ["bloc_east", "bloc_none", "bloc_west"];
const UNSURE = 0.7;

function map() {
  const drawing = byId("map-drawing"), month = byId("month"), view = byId("map-view"), outline = byId("outline");
  const groups = { state: new Map(), unsure: new Map(), label: new Map(), row: new Map() };
  const collect = (selector, into) => {
    for (const found of drawing.querySelectorAll(selector)) into.set(found.dataset.code, found);
  };
  collect(".state", groups.state);
  collect(".unsure path", groups.unsure);
  collect(".labels text", groups.label);
  for (const row of byId("states").tBodies[0].rows) groups.row.set(row.dataset.code, row);

  const chosen = () => (view ? Number(view.value) : 0);
  const difference = () => data.views[chosen()].difference;
  let bounds = [];

  function setView() {
    const one = data.map.codes.map((code) => series(chosen(), "alignment", code)).find(Boolean);
    const before = bounds[Number(month.value)];
    bounds = one ? one.months : [];
    month.min = 0;
    month.max = Math.max(0, bounds.length - 1);
    const place = bounds.indexOf(before);
    month.value = place < 0 ? bounds.length - 1 : place;
    const stops = difference() ? data.map.toward : data.map.stops;
    byId("map-low").textContent = `${difference() ? "toward " : ""}${data.map.sides[2]} ${number(-most(), digits())}`;
    byId("map-high").textContent = `${number(most(), digits(), true)} ${difference() ? "toward " : ""}${data.map.sides[0]}`;
    byId("map-scale").replaceChildren(...Array.from({ length: 33 }, (_, k) =>
      makeSvg("path", { d: `M${k} 0h1.05v1h-1.05z`, fill: mixed(k / 16 - 1, 1, stops) })));
    paint();
  }

  // The end of the scale: fixed for runs, the largest difference of any month for a difference.
  const scales = new Map();
  function most() {
    if (!difference()) return data.map.most;
    if (!scales.has(chosen())) {
      const sizes = data.map.codes.flatMap((code) => {
        const one = series(chosen(), "alignment", code);
        return one ? median(one).map((value) => Math.abs(value || 0)) : [];
      });
      scales.set(chosen(), [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2].find((end) => Math.max(...sizes) <= end) || 2);
    }
    return scales.get(chosen());
  }
  const digits = () => (most() < 0.05 ? 3 : 2);

  // A difference as a label has room for it: none where it rounds to nothing, no zero before the point.
  function brief(value) {
    const text = number(value, digits(), true);
    return /[1-9]/.test(text) ? text.replace("0.", ".") : "";
  }

  function stateAt(code, k) {
    const lean = series(chosen(), "alignment", code);
    const shares = SIDES.map((side) => series(chosen(), side, code)).map((one) => (one ? one.rows[0][k] : null));
    const best = shares.indexOf(Math.max(...shares));
    return { lean: lean ? median(lean)[k] : null, shares, letter: data.map.letters[best], sure: shares[best] };
  }

  function paint() {
    const k = Number(month.value), stops = difference() ? data.map.toward : data.map.stops;
    const said = bounds.length ? boundName(bounds[k], bounds[0]) : "";
    byId("month-said").textContent = said;
    month.setAttribute("aria-valuetext", said);
    byId("states-said").textContent = said + (view ? `, ${data.views[chosen()].name}` : "");
    byId("states-unit").textContent = difference()
      ? "difference of the median alignment, and of the shares of replicates in percentage points"
      : `alignment (${data.map.sides[0]} +1, ${data.map.sides[2]} \u22121, median) and share of replicates on each side`;
    byId("map-letters").hidden = difference();
    drawing.classList.toggle("difference", difference());
    byId("states").classList.toggle("difference", difference());
    for (const code of data.map.codes) {
      const now = stateAt(code, k);
      if (groups.state.has(code)) groups.state.get(code).setAttribute("fill", mixed(now.lean, most(), stops));
      if (groups.unsure.has(code)) groups.unsure.get(code).classList.toggle("sure", difference() || now.sure >= UNSURE);
      if (groups.label.has(code)) {
        const text = difference() ? brief(now.lean) : now.letter;
        groups.label.get(code).textContent = `${code} ${text}`.trim();
      }
      if (groups.row.has(code)) fillRow(groups.row.get(code), now);
    }
    if (outline) {
      const lines = data.map.outlines[outline.value] || [];
      const now = lines.filter(([from]) => from <= bounds[k]).pop();
      drawing.querySelector(".outline").setAttribute("d", now ? now[1] : "");
    }
  }

  function fillRow(row, now) {
    const share = (value) => (difference() ? `${number(100 * value, 0, true)} pp` : percent(value));
    row.cells[1].textContent = number(now.lean, difference() ? 3 : 2, true);
    now.shares.forEach((value, side) => { row.cells[2 + side].textContent = value === null ? "–" : share(value); });
    let from = 0;
    row.querySelectorAll(".sides rect").forEach((bar, side) => {
      bar.setAttribute("x", 100 * from);
      bar.setAttribute("width", Math.max(0, 100 * now.shares[side]));
      from += now.shares[side];
    });
  }

  drawing.addEventListener("pointermove", (event) => {
    const code = event.target.dataset.code;
    if (!code) { tip(null); return; }
    const now = stateAt(code, Number(month.value));
    const shares = now.shares.map((value, side) =>
      `${data.map.sides[side]} ${difference() ? `${number(100 * value, 0, true)} pp` : percent(value)}`);
    tip(`${data.names[code] || code}: ${number(now.lean, difference() ? 3 : 2, true)}; ${shares.join(", ")}`, event);
  });
  drawing.addEventListener("pointerleave", () => tip(null));
  month.addEventListener("input", paint);
  if (view) view.addEventListener("change", setView);
  if (outline) outline.addEventListener("change", paint);
  setView();
}

// The ledger of one dyad as a waterfall: each bar leads from what came before it to the whole change.

const UNIT = 10000; // the ledger counts in whole multiples of 1e-4

function ledger() {
  const from = byId("truster"), to = byId("trusted"), view = byId("ledger-view"), place = byId("waterfall");
  const last = data.views.length - 1;
  if (view && data.views[last].difference) view.value = data.views.findIndex((one) => one.difference);
  const ledgers = () => data.ledgers[view ? Number(view.value) : 0];

  const codes = [...data.ledgers[0].states].sort((a, b) => nameOf(a).localeCompare(nameOf(b), "en"));
  for (const select of [from, to]) {
    for (const code of codes) select.append(make("option", { value: code }, nameOf(code)));
  }
  [from.value, to.value] = data.dyad;

  function nameOf(code) {
    return data.names[code] || code;
  }

  function draw() {
    const own = ledgers(), i = own.states.indexOf(from.value), j = own.states.indexOf(to.value);
    if (i === j || i < 0 || j < 0) {
      place.replaceChildren(make("p", {}, i === j ? "Choose two different states." : "Not in this view."));
      return;
    }
    const start = own.start[i][j] / UNIT, end = own.end[i][j] / UNIT;
    const rows = [];
    let level = 0;
    for (const account of own.accounts) {
      const value = account.terms[i][j] / UNIT;
      if (value === 0) continue;
      rows.push({ name: account.name, event: account.event, value, low: Math.min(level, level + value), high: Math.max(level, level + value) });
      level += value;
    }
    rows.push({ name: "Change", total: true, value: end - start, low: Math.min(0, end - start), high: Math.max(0, end - start) });
    const low = Math.min(0, ...rows.map((row) => row.low)), high = Math.max(0, ...rows.map((row) => row.high));
    const width = high - low || 1, at = (value) => (1000 * (value - low)) / width;
    const body = make("tbody");
    for (const row of rows) {
      const bar = makeSvg("svg", { class: "bar", viewBox: "0 0 1000 20", preserveAspectRatio: "none", "aria-hidden": "true" });
      bar.append(makeSvg("path", { class: "zero", d: `M${at(0)} 0V20` }));
      bar.append(makeSvg("rect", { class: row.total ? "sum" : row.value < 0 ? "fall" : "rise", x: at(row.low), y: 3, height: 14,
                                   width: Math.max(at(row.high) - at(row.low), 2) }));
      const cell = make("td", { class: "drawn" });
      cell.append(bar);
      body.append(make("tr", { class: row.total ? "total" : row.event ? "event" : "" }, make("th", { scope: "row" }, row.name), cell,
                       make("td", {}, number(row.value, 3, true))));
    }
    const what = ledgers() === data.ledgers[0] || !view || !data.views[Number(view.value)].difference ? "Trust" : "Difference of trust";
    const digits = Math.abs(end - start) < 0.005 ? 4 : 3;
    place.replaceChildren(
      make("p", { class: "said" }, `${what} of ${nameOf(from.value)} in ${nameOf(to.value)}: ${number(start, digits)} \u2192 ${number(end, digits)}`),
      make("table", { class: "waterfall" }, body));
  }

  for (const control of [from, to, view]) if (control) control.addEventListener("change", draw);
  byId("swap").addEventListener("click", () => {
    [from.value, to.value] = [to.value, from.value];
    draw();
  });
  draw();
  return (one, other) => {
    [from.value, to.value] = [one, other];
    draw();
  };
}

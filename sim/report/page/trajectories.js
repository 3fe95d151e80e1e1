// Interactive trajectories: any measure of any subjects, with bands, events, a readout and zoom. Drawn by uPlot.

const INKS = ["#7b3294", "#1b7837", "#b35806", "#2166ac", "#c51b7d", "#4d4d4d"];
const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3], [4, 2], [1, 2]];
const OTHER_INKS = ["#7b3294", "#555555", "#1b7837", "#b35806", "#2166ac", "#c51b7d"]; // of runs: the first, its baseline, others
const MOST_SUBJECTS = 6;

function trajectories() {
  const measure = byId("measure"), view = byId("view"), chart = byId("chart"), readout = byId("readout");
  const bands = byId("bands"), marks = byId("marks"), who = byId("subjects");
  let plot = null, lines = [], months = [], at = null;

  for (const one of data.measures) measure.append(make("option", { value: one.key }, one.name));
  measure.value = data.default.measure;
  let chosen = [...data.default.subjects];

  const about = () => data.measures.find((one) => one.key === measure.value);
  const subjectsOf = (one) => one.groups.flatMap((group) => group.subjects);

  // -- who -----------------------------------------------------------------------------------------------------------

  function listSubjects() {
    const known = subjectsOf(about()).map(([key]) => key);
    chosen = chosen.filter((key) => known.includes(key));
    if (!chosen.length) chosen = known.slice(0, Math.min(3, known.length));
    who.replaceChildren(make("legend", {}, `Who (up to ${MOST_SUBJECTS})`));
    for (const { kind, subjects } of about().groups) {
      const row = make("div", { class: "chips", role: "group", "aria-label": kind }, make("span", { class: "group" }, kind));
      for (const [key, name] of subjects) {
        const box = make("input", { type: "checkbox", value: key });
        box.checked = chosen.includes(key);
        box.addEventListener("change", () => choose(key, box.checked));
        row.append(make("label", {}, box, make("span", {}, name)));
      }
      who.append(row);
    }
    limit();
  }

  function choose(key, wanted) {
    chosen = wanted ? [...chosen, key] : chosen.filter((one) => one !== key);
    limit();
    draw();
  }

  function limit() {
    for (const box of who.querySelectorAll("input")) box.disabled = !box.checked && chosen.length >= MOST_SUBJECTS;
  }

  // -- what is drawn -------------------------------------------------------------------------------------------------

  const together = () => view !== null && view.value === "all";

  function shownViews() {
    const every = data.views.map((_, k) => k);
    if (together()) return every.filter((k) => !data.views[k].difference);
    return [view === null ? 0 : Number(view.value)];
  }

  function collect() {
    const names = new Map(subjectsOf(about()));
    const found = [];
    for (const subject of chosen) {
      shownViews().forEach((k, turn) => {
        const one = series(k, measure.value, subject);
        if (!one) return;
        const alone = chosen.length === 1;
        const place = chosen.indexOf(subject);
        const ink = together() && alone ? OTHER_INKS[turn % OTHER_INKS.length] : INKS[place % INKS.length];
        const dash = together() ? DASHES[turn % DASHES.length] : DASHES[place % DASHES.length];
        const name = together() ? (alone ? data.views[k].name : `${names.get(subject)}, ${data.views[k].name}`) : names.get(subject);
        found.push({ name, ink, dash, one });
      });
    }
    return found;
  }

  function draw() {
    lines = collect();
    const info = about(), difference = !together() && data.views[shownViews()[0]].difference;
    byId("meaning").textContent = info.meaning
      ? `${info.meaning[0].toUpperCase()}${info.meaning.slice(1)}${info.unit ? ` (${info.unit})` : ""}.${difference ? " Difference, first run minus second." : ""}`
      : "";
    months = [...new Set(lines.flatMap((line) => line.one.months))].sort((a, b) => a - b);
    const table = [months], shown = [{}], fills = [];
    for (const line of lines) {
      const place = new Map(line.one.months.map((month, k) => [month, k]));
      const rows = bands.checked ? line.one.rows : [median(line.one)];
      const first = shown.length, half = rows.length >> 1;
      line.place = first + half;
      rows.forEach((row, k) => {
        table.push(months.map((month) => (place.has(month) ? row[place.get(month)] : null)));
        const middle = k === half;
        shown.push({ stroke: middle ? line.ink : "transparent", width: middle ? 2 : 0, dash: middle ? line.dash : [],
                     spanGaps: true, points: { show: false } });
      });
      for (let k = 0; k < half; k++) {
        fills.push({ series: [first + rows.length - 1 - k, first + k], fill: `${line.ink}${k ? "33" : "1c"}` });
      }
    }
    if (plot) plot.destroy();
    plot = new uPlot(options(shown, fills), table, chart);
    at = null;
    read(null);
  }

  // -- the chart -----------------------------------------------------------------------------------------------------

  const labelled = () => chart.clientWidth >= 720 && lines.length > 0;
  const ROWS = 3; // of numbers of events above the chart

  function options(shown, fills) {
    const font = "12px system-ui, sans-serif";
    const axis = { font, stroke: "#5f5f5f", grid: { stroke: "#e6e6e6", width: 1 }, ticks: { stroke: "#bbbbbb", size: 4 } };
    const top = marks && marks.checked ? 8 + 13 * ROWS : 8;
    return {
      width: chart.clientWidth, height: Math.max(260, Math.min(420, chart.clientWidth * 0.6)),
      padding: [top, labelled() ? 170 : 18, 0, 0], legend: { show: false }, series: shown, bands: fills,
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: true } },
      scales: { x: { time: false }, y: { range: (_, low, high) => room(low, high) } },
      axes: [
        { ...axis, splits: (u, _, low, high) => dates(u, low, high), values: (_, found) => found.map(dateLabel) },
        { ...axis, size: 58, values: (_, found) => found.map((value) => number(value, decimals(found))) },
      ],
      hooks: { setCursor: [(u) => hover(u)], draw: [(u) => { drawZero(u); drawEvents(u); drawLabels(u); }] },
    };
  }

  // A little air, and never a range so small that noise of the last digit fills the chart.
  function room(low, high) {
    if (low === null) return [0, 1];
    const least = 10 ** -(Math.max(...lines.map((line) => line.one.digits), 0)) * 10;
    const air = Math.max((high - low) * 0.06, (least - (high - low)) / 2);
    return [low - air, high + air];
  }

  const span = (u) => u.scales.x.max - u.scales.x.min;

  function dates(u, low, high) {
    const wide = u.bbox.width / uPlot.pxRatio, months = high - low;
    const yearly = months >= 30;
    const steps = yearly ? [12, 24, 60, 120, 240] : [1, 2, 3, 6, 12];
    const step = steps.find((one) => (wide / months) * one >= (yearly ? 42 : 74)) || steps[steps.length - 1];
    const found = [];
    for (let month = Math.ceil(low / step) * step; month <= high; month += step) found.push(month);
    return found;
  }

  const dateLabel = (month) => (plot === null || span(plot) >= 30 ? String(Math.floor(month / 12)) : monthName(month));

  function decimals(found) {
    const gap = found.length > 1 ? Math.abs(found[1] - found[0]) : 1;
    const whole = [0, 1, 2, 3, 4, 5, 6].find((digits) => Math.abs(gap * 10 ** digits - Math.round(gap * 10 ** digits)) < 1e-6);
    return whole === undefined ? 7 : whole;
  }

  function onCanvas(u, paint) {
    u.ctx.save();
    u.ctx.font = `${12 * uPlot.pxRatio}px system-ui, sans-serif`;
    paint(u.ctx, uPlot.pxRatio, u.bbox);
    u.ctx.restore();
  }

  function drawZero(u) {
    if (u.scales.y.min >= 0 || u.scales.y.max <= 0) return;
    onCanvas(u, (pen, ratio, box) => {
      const y = u.valToPos(0, "y", true);
      pen.strokeStyle = "#777777";
      pen.lineWidth = ratio;
      pen.beginPath();
      pen.moveTo(box.left, y);
      pen.lineTo(box.left + box.width, y);
      pen.stroke();
    });
  }

  // A thin line for each event with its number above, in the first row where there is room for it.
  function drawEvents(u) {
    if (!marks || !marks.checked) return;
    onCanvas(u, (pen, ratio, box) => {
      const ends = new Array(ROWS).fill(-Infinity);
      pen.textAlign = "center";
      pen.textBaseline = "alphabetic";
      pen.font = `${10.5 * ratio}px system-ui, sans-serif`;
      for (const event of data.events) {
        if (event.at < u.scales.x.min || event.at > u.scales.x.max) continue;
        const x = u.valToPos(event.at, "x", true), wide = pen.measureText(event.n).width + 4 * ratio;
        const row = ends.findIndex((end) => x - wide / 2 >= end);
        pen.strokeStyle = event.imposed ? "#9a9a9a" : "#b8b8b8";
        pen.lineWidth = ratio;
        pen.setLineDash(event.imposed ? [2 * ratio, 3 * ratio] : []);
        pen.beginPath();
        pen.moveTo(x, box.top);
        pen.lineTo(x, box.top + box.height);
        pen.stroke();
        if (row < 0) continue; // its line stands; its number has no room
        ends[row] = x + wide / 2;
        pen.fillStyle = "#444444";
        pen.fillText(event.n, x, box.top - (5 + 13 * row) * ratio);
      }
    });
  }

  // Names at the ends of the lines, moved apart where they would overlap.
  function drawLabels(u) {
    if (!labelled()) return;
    onCanvas(u, (pen, ratio, box) => {
      pen.textAlign = "left";
      const gap = 15 * ratio, [first, last] = u.series[0].idxs, spots = [];
      for (const line of lines) {
        let k = last;
        const values = u.data[line.place];
        while (k > first && values[k] === null) k--;
        if (values[k] !== null && values[k] !== undefined) spots.push({ line, y: u.valToPos(values[k], "y", true) });
      }
      spots.sort((a, b) => a.y - b.y);
      for (let turn = 0; turn < 40; turn++) {
        for (let k = 0; k + 1 < spots.length; k++) {
          const lack = gap - (spots[k + 1].y - spots[k].y);
          if (lack > 0) { spots[k].y -= lack / 2; spots[k + 1].y += lack / 2; }
        }
      }
      pen.textBaseline = "middle";
      for (const { line, y } of spots) {
        pen.fillStyle = line.ink;
        pen.fillText(shorten(pen, line.name, 158 * ratio), box.left + box.width + 8 * ratio, y);
      }
    });
  }

  function shorten(pen, text, room) {
    if (pen.measureText(text).width <= room) return text;
    let kept = text;
    while (kept && pen.measureText(`${kept}…`).width > room) kept = kept.slice(0, -1);
    return `${kept.trimEnd()}…`;
  }

  // -- reading a month -----------------------------------------------------------------------------------------------

  function hover(u) {
    if (u.cursor.idx === null || u.cursor.idx === undefined || u.cursor.left < 0) {
      if (at !== null) { at = null; read(null); }
      return;
    }
    if (u.cursor.idx !== at) { at = u.cursor.idx; read(at); }
  }

  function read(index) {
    const month = months[index === null ? months.length - 1 : index];
    if (month === undefined) { readout.replaceChildren("There is no value to show."); return; }
    const body = make("tbody");
    for (const line of lines) {
      const k = line.one.months.indexOf(month);
      const digits = Math.max(line.one.digits, 0), rows = line.one.rows, few = rows.length === 3;
      const cell = (row) => (k < 0 ? "–" : number(row[k], digits));
      const sample = makeSvg("svg", { class: "sample", viewBox: "0 0 34 8", "aria-hidden": "true" });
      sample.append(makeSvg("path", { d: "M1 4H33", stroke: line.ink, "stroke-width": 2.5, "stroke-dasharray": line.dash.join(" ") }));
      const range = rows.length > 1 ? `${few ? "range " : ""}${cell(rows[0])} to ${cell(rows[rows.length - 1])}` : "";
      body.append(make("tr", {}, make("td", { class: "sampled" }, sample), make("th", { scope: "row" }, line.name),
                       make("td", {}, cell(median(line.one))), make("td", { class: "range" }, range)));
    }
    const held = data.events.filter((event) => index !== null && Math.floor(event.at) === month - 1);
    const said = held.map((event) => `${event.n} ${event.title}${event.imposed ? " (imposed)" : ""}`).join("; ");
    readout.replaceChildren(make("p", {}, make("b", {}, boundName(month, months[0])), said ? `: ${said}` : ""),
                            make("table", {}, body));
  }

  function moveTo(index) {
    at = Math.max(0, Math.min(months.length - 1, index));
    const { min, max } = plot.scales.x;
    if (months[at] < min || months[at] > max) {
      const shift = months[at] < min ? months[at] - min : months[at] - max;
      plot.setScale("x", { min: min + shift, max: max + shift });
    }
    plot.setCursor({ left: plot.valToPos(months[at], "x"), top: 10 }, false);
    read(at);
  }

  // -- zoom ----------------------------------------------------------------------------------------------------------

  function zoom(factor) {
    const low = months[0], high = months[months.length - 1];
    const { min, max } = plot.scales.x;
    const middle = at === null ? (min + max) / 2 : months[at];
    const half = Math.max(3, ((max - min) * factor) / 2);
    if (2 * half >= high - low) return whole();
    const start = Math.max(low, Math.min(middle - half, high - 2 * half));
    plot.setScale("x", { min: start, max: start + 2 * half });
  }

  function whole() {
    plot.setScale("x", { min: months[0], max: months[months.length - 1] });
  }

  const KEYS = {
    ArrowLeft: (event) => moveTo((at === null ? months.length : at) - (event.shiftKey ? 12 : 1)),
    ArrowRight: (event) => moveTo((at === null ? -1 : at) + (event.shiftKey ? 12 : 1)),
    Home: () => moveTo(0), End: () => moveTo(months.length - 1),
    "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), Escape: () => whole(),
  };

  chart.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
    event.preventDefault();
    KEYS[event.key](event);
  });
  byId("zoom-in").addEventListener("click", () => zoom(0.5));
  byId("zoom-out").addEventListener("click", () => zoom(2));
  byId("zoom-reset").addEventListener("click", whole);
  measure.addEventListener("change", () => { listSubjects(); draw(); });
  for (const control of [view, bands, marks]) if (control) control.addEventListener("change", draw);

  let width = chart.clientWidth;
  new ResizeObserver(() => {
    if (Math.abs(chart.clientWidth - width) < 2) return;
    width = chart.clientWidth;
    draw();
  }).observe(chart);
  window.addEventListener("beforeprint", () => plot.setSize({ width: Math.min(640, chart.clientWidth), height: 320 }));
  window.addEventListener("afterprint", draw);

  listSubjects();
  draw();
}

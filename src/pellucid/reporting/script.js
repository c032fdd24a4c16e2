"use strict";
// Moves the threshold: every count, figure and mark follows. The counts come from the page itself.
(function () {
  const SVG = "http://www.w3.org/2000/svg";

  // As Python writes it: a half goes to the even neighbor. Only values with few binary places can be halves.
  function fixed(value, digits) {
    const size = Math.abs(value) * 10 ** digits;
    const half = Number.isInteger(value * 2 ** (digits + 1)) && size % 1 === 0.5;
    if (!half || Math.floor(size) % 2 === 1) return value.toFixed(digits);
    return (Math.sign(value) * Math.floor(size) / 10 ** digits).toFixed(digits);
  }

  function percent(value) {
    if (!Number.isFinite(value)) return "–";
    if (value > 0 && value < 0.0005) return "< 0.1%";
    return value >= 0.9995 && value < 1 ? "> 99.9%" : fixed(100 * value, 1) + "%";
  }

  function rounded(value) {
    if (value > 0 && value < 0.0005) return "< 0.001";
    return value >= 0.9995 && value < 1 ? "> 0.999" : fixed(value, 3);
  }

  // Wilson's interval of hits among rows, 95 %.
  function wilson(hits, rows) {
    if (!(rows > 0)) return "";
    const z = 1.959963984540054, share = hits / rows;
    const center = (hits + z * z / 2) / (rows + z * z);
    const half = z / (rows + z * z) * Math.sqrt(rows * share * (1 - share) + z * z / 4);
    const low = hits === 0 ? 0 : Math.max(0, center - half);
    const high = hits === rows ? 1 : Math.min(1, center + half);
    return percent(low) + " to " + percent(high);
  }

  function figures(data, step) {
    const tp = data.tp[step], fp = data.fp[step], fn = data.positives - tp, tn = data.negatives - fp;
    const called = tp + fp, rows = data.positives + data.negatives;
    const spread = Math.sqrt(called) * Math.sqrt(fn + tn) * Math.sqrt(data.positives * data.negatives);
    return {
      threshold: data.thresholds[step], tp, fp, fn, tn,
      accuracy: (tp + tn) / rows, precision: called ? tp / called : NaN,
      recall: tp / data.positives, specificity: tn / data.negatives,
      f1: 2 * tp / (2 * tp + fp + fn), mcc: spread ? (tp * tn - fp * fn) / spread : 0,
      taken: called / rows,
      intervals: {
        accuracy: wilson(tp + tn, rows), precision: wilson(tp, called),
        recall: wilson(tp, data.positives), specificity: wilson(tn, data.negatives),
      },
    };
  }

  // Where each kind of figure marks the threshold: a point, or an upright line.
  const marks = {
    roc: (now) => [1 - now.specificity, now.recall],
    pr: (now) => [now.recall, now.precision],
    gains: (now) => [now.taken, now.recall],
    thresholds: (now) => [now.threshold, null],
  };

  function marker(figure) {
    const svg = figure.querySelector("svg");
    const [left, bottom, right, top, x0, x1, y0, y1] = figure.dataset.frame.split(" ").map(Number);
    const group = svg.appendChild(document.createElementNS(SVG, "g"));
    group.setAttribute("class", "mark");
    const place = marks[figure.dataset.kind];
    const upright = figure.dataset.kind === "thresholds";
    const shape = group.appendChild(document.createElementNS(SVG, upright ? "line" : "circle"));
    if (!upright) shape.setAttribute("r", "5");
    return function (now) {
      const [x, y] = place(now);
      const seen = Number.isFinite(x) && (upright || Number.isFinite(y));
      group.setAttribute("visibility", seen ? "visible" : "hidden");
      if (!seen) return;
      const across = left + (x - x0) / (x1 - x0) * (right - left);
      const sets = upright
        ? { x1: across, x2: across, y1: bottom, y2: top }
        : { cx: across, cy: bottom + (y - y0) / (y1 - y0) * (top - bottom) };
      for (const [name, value] of Object.entries(sets)) shape.setAttribute(name, value.toFixed(2));
    };
  }

  for (const part of document.querySelectorAll("[data-curves]")) {
    const data = JSON.parse(document.getElementById(part.dataset.curves).textContent);
    const slider = part.querySelector("input[type=range]");
    const movers = Array.from(part.querySelectorAll("figure[data-frame]"), marker);
    const show = function () {
      const now = figures(data, Number(slider.value));
      for (const cell of part.querySelectorAll("[data-count]")) {
        cell.textContent = now[cell.dataset.count].toLocaleString("en-US");
      }
      for (const cell of part.querySelectorAll("[data-share]")) cell.textContent = percent(now[cell.dataset.share]);
      for (const cell of part.querySelectorAll("[data-number]")) cell.textContent = rounded(now[cell.dataset.number]);
      for (const cell of part.querySelectorAll("[data-interval]")) cell.textContent = now.intervals[cell.dataset.interval];
      const told = now.tp + " of " + data.positives + " found, " + now.fp + " false alarms";
      slider.setAttribute("aria-valuetext", rounded(now.threshold) + ": " + told);
      for (const move of movers) move(now);
    };
    slider.addEventListener("input", show);
    part.querySelector(".control").hidden = false;
    show();
  }
})();

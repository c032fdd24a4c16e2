"use strict";
// Moves the threshold: every count, figure and mark follows. The counts come from the page itself, the scores from
// scores.js, which stands before this in the page.
(function () {
  const SVG = "http://www.w3.org/2000/svg";

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
      for (const cell of part.querySelectorAll("[data-figure]")) cell.textContent = figure(now[cell.dataset.figure]);
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

"use strict";
// What two classes score at a threshold, from the counts there, with 95 % intervals: the formulas are those of metrics.

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

// As Python's records.figure writes it.
function figure(value) {
  const size = Math.abs(value);
  if (value === 0) return "0";
  if (size < 0.0005) return value.toExponential(1).replace(/e-(\d)$/, "e-0$1");
  if (size >= 1000) return Number(fixed(value, 0)).toLocaleString("en-US");
  return fixed(value, size >= 10 ? 2 : 4);
}

const Z = 1.959963984540054;

// Wilson's interval, 95 %, of hits among rows, neither of which need be whole.
function wilson(hits, rows) {
  const share = hits / rows;
  const center = (hits + Z * Z / 2) / (rows + Z * Z);
  const half = Z / (rows + Z * Z) * Math.sqrt(rows * share * (1 - share) + Z * Z / 4);
  return [hits === 0 ? 0 : Math.max(0, center - half), hits === rows ? 1 : Math.min(1, center + half)];
}

// The interval of the mean of two independent shares, each [value, low, high]: Zou and Donner's MOVER.
function joined(one, other) {
  const mean = (one[0] + other[0]) / 2;
  const reach = (end) => Math.hypot(one[0] - one[end], other[0] - other[end]) / 2;
  return [Math.max(0, mean - reach(1)), Math.min(1, mean + reach(2))];
}

// F1 = 2 J / (1 + J), where J is the share of tp in tp + fp + fn.
function f1Interval(tp, others) {
  return wilson(tp, tp + others).map((end) => 2 * end / (1 + end));
}

// MCC of counts [[tn, fp], [fn, tp]], and how it changes with a row more in each cell.
function correlation(cells) {
  const actual = cells.map((row) => row[0] + row[1]);
  const predicted = [cells[0][0] + cells[1][0], cells[0][1] + cells[1][1]];
  const total = actual[0] + actual[1], right = cells[0][0] + cells[1][1];
  const product = (a, b) => a[0] * b[0] + a[1] * b[1];
  const ofPredicted = total ** 2 - product(predicted, predicted), ofActual = total ** 2 - product(actual, actual);
  const below = Math.sqrt(ofPredicted) * Math.sqrt(ofActual);
  const value = (right * total - product(actual, predicted)) / below;
  const slope = (i, j) => ((i === j ? total : 0) + right - predicted[i] - actual[j]) / below
    - value * ((total - predicted[j]) / ofPredicted + (total - actual[i]) / ofActual);
  return [value, slope];
}

// On Fisher's z scale by the influence of each row, after two rows were spread evenly over all cells.
function mccInterval(value, tp, fp, fn, tn) {
  const cells = [[tn + 0.5, fp + 0.5], [fn + 0.5, tp + 0.5]];
  const [center, slope] = correlation(cells);
  let spread = 0;
  for (const i of [0, 1]) for (const j of [0, 1]) spread += cells[i][j] * slope(i, j) ** 2;
  const reach = Z * Math.sqrt(spread) / (1 - center ** 2);
  return [Math.min(Math.tanh(Math.atanh(center) - reach), value), Math.max(Math.tanh(Math.atanh(center) + reach), value)];
}

// The cost of 1,000 cases and its interval, as judging/expected_cost.py has them.
function cost(k, tp, fp, fn, tn) {
  const lowest = Math.min(k.tn, k.tp), range = Math.max(k.fp, k.fn) - lowest, n = tp + fp + fn + tn;
  const kinds = [[k.tn, tn], [k.fp, fp], [k.fn, fn], [k.tp, tp]];
  const sum = (power) => kinds.reduce((all, [each, rows]) => all + ((each - lowest) / range) ** power * rows, 0);
  const mean = sum(1) / n, fuller = (n * mean + 1) / (n + 2);
  const variance = ((sum(2) + 1) / (n + 2) - fuller ** 2) / (n + 2);
  const rows = mean > 0 && mean < 1 ? mean * (1 - mean) / variance : n;
  const told = (share) => 1000 * (lowest + share * range);
  return [told(mean), wilson(mean * rows, rows).map(told)];
}

function spoken(ends, told) {
  return ends ? told(ends[0]) + " to " + told(ends[1]) : "";
}

function figures(data, step) {
  const tp = data.tp[step], fp = data.fp[step], fn = data.positives - tp, tn = data.negatives - fp;
  const called = tp + fp, rows = data.positives + data.negatives;
  const enough = Math.min(data.positives, data.negatives) >= data.fewest, two = called > 0 && called < rows;
  const recall = tp / data.positives, specificity = tn / data.negatives;
  const ofRecall = wilson(tp, data.positives), ofSpecificity = wilson(tn, data.negatives);
  const spread = Math.sqrt(called) * Math.sqrt(fn + tn) * Math.sqrt(data.positives * data.negatives);
  const mcc = two ? (tp * tn - fp * fn) / spread : 0;
  const [costs, ofCosts] = data.costs ? cost(data.costs, tp, fp, fn, tn) : [NaN, null];
  return {
    threshold: data.thresholds[step], tp, fp, fn, tn,
    accuracy: (tp + tn) / rows, balanced: (recall + specificity) / 2, precision: called ? tp / called : NaN,
    recall, specificity, f1: 2 * tp / (2 * tp + fp + fn), mcc, cost: costs,
    taken: called / rows,
    intervals: {
      accuracy: spoken(wilson(tp + tn, rows), percent), precision: spoken(called ? wilson(tp, called) : null, percent),
      recall: spoken(ofRecall, percent), specificity: spoken(ofSpecificity, percent),
      balanced: spoken(enough ? joined([recall, ...ofRecall], [specificity, ...ofSpecificity]) : null, percent),
      f1: spoken(enough ? f1Interval(tp, fp + fn) : null, rounded),
      mcc: spoken(enough && two ? mccInterval(mcc, tp, fp, fn, tn) : null, rounded),
      cost: spoken(ofCosts, figure),
    },
  };
}

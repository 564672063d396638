import { direction, wrapped } from "./draw.js";

// Names beside nodes: none over another, and as few as may be over an edge.

export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
const CELL = 56; // px of a cell of the grid in which names look for room
const NAMES = 220; // at most, in one picture
const LINES = 500; // edges that names keep clear of; of more, none
const CHIEF = 12; // largest nodes whose names may cover smaller nodes where there is no other room
const CROWD = 400; // nodes in sight from which on only so many of the largest have names, which may cover smaller nodes
const LEADERS = 60;
const LEADING = 1.15;
/** Where a name stands beside its node, the likeliest first. */
const SIDES = [
  [1, 0, "left"], [-1, 0, "right"], [0, -1, "center"], [0, 1, "center"],
  [0.7, 0.7, "left"], [-0.7, 0.7, "right"], [0.7, -0.7, "left"], [-0.7, -0.7, "right"],
  [-0.6, -1, "left"], [0.6, -1, "right"], [-0.6, 1, "left"], [0.6, 1, "right"],
];

/** Which names are written where: the marked first, then by size. */
export function placeNames(view, context, camera, width, height) {
  const grown = view.growth(camera.k);
  const { radius } = view.network;
  const first = view.marked();
  const seen = [];
  for (const i of [...first, ...view.order]) {
    if (!view.nodes[i] || (view.near && !view.near[i] && !first.has(i))) continue;
    const [x, y] = view.toScreen(i, camera, width, height);
    if (x > -20 && y > -20 && x < width + 20 && y < height + 20) seen.push([i, x, y, radius[i] * grown]);
  }
  const taken = new Grid();
  for (const [, x, y, r] of seen) taken.put([x - r, y - r, x + r, y + r, r]);
  const crowd = seen.length > CROWD;
  const chief = first.size + (crowd ? LEADERS : CHIEF);
  const lines = linesAmong(view, camera, width, height);
  const names = [];
  const done = new Set();
  for (const [i, x, y, r] of seen) {
    if (names.length >= NAMES || (crowd && done.size >= chief)) break;
    if (done.has(i)) continue;
    done.add(i);
    const bold = first.has(i) || radius[i] > 11;
    const size = (bold ? 13 : 12) - (view.width < 600 ? 1.5 : 0);
    const text = measured(view, context, i, size, bold, first.has(i) ? 4 : 2);
    if (!text.length) continue;
    const w = Math.max(...text.map(([, wide]) => wide));
    const h = text.length * size * LEADING;
    const look = (over) => {
      let [best, least] = [null, Infinity];
      for (const [dx, dy, align] of SIDES) {
        const at = align === "center" ? x : x + dx * (r + 4);
        const left = at - { left: 0, center: w / 2, right: w }[align];
        const top = dy === 0 ? y - h / 2 : dy > 0 ? y + r * dy + 3 : y + r * dy - 3 - h;
        const box = [left, top, left + w, top + h, Infinity];
        if (left < 2 || left + w > width - 2 || top < 2 || top + h > height - 2 ) continue;
        const covered = taken.covered(box, over);
        if (covered >= least) continue;
        const crossed = lines.reduce((sum, line) => sum + crosses(line, box), covered * 20);
        if (crossed >= least) continue;
        least = crossed;
        best = { box, name: { i, text, align, bold, size, dx: at - x, dy: top - y } };
        if (!crossed) break;
      }
      return best;
    };
    const best = look(0) ?? (done.size <= chief ? look(r) : null);
    if (!best) continue;
    taken.put(best.box);
    names.push(best.name);
  }
  return names;
}

export function paintNames(view, context, camera, width, height, theme, names) {
  context.lineJoin = "round";
  for (const { i, text, align, bold, size, dx, dy } of names) {
    if (!view.nodes[i]) continue;
    const [x, y] = view.toScreen(i, camera, width, height);
    context.font = font(size, bold);
    context.textAlign = align;
    text.forEach(([line], n) => {
      const at = y + dy + (n + 0.85) * size * LEADING;
      context.direction = direction(line);
      context.strokeStyle = theme.paper;
      context.lineWidth = 3;
      context.strokeText(line, x + dx, at);
      context.fillStyle = theme.ink;
      context.fillText(line, x + dx, at);
    });
  }
  context.direction = "ltr";
}

const font = (size, bold) => `${bold ? 600 : 400} ${size}px ${FONT}`;

/** A name in lines, each with its width; measured once. */
function measured(view, context, i, size, bold, most) {
  const key = `${i}|${size}|${bold}|${most}`;
  if (!view.widths.has(key)) {
    context.font = font(size, bold);
    view.widths.set(key, wrapped(view.network.label[i], 26, most).map((line) => [line, context.measureText(line).width]));
  }
  return view.widths.get(key);
}

/** The edges as lines on the screen, for names to keep clear of. */
function linesAmong(view, camera, width, height) {
  const { source, target } = view;
  const held = [];
  for (let e = 0; e < view.m; e++) {
    if (!view.edges[e] || (view.near && !(view.near[source[e]] && view.near[target[e]]))) continue;
    held.push([...view.toScreen(source[e], camera, width, height), ...view.toScreen(target[e], camera, width, height)]);
    if (held.length > LINES) return [];
  }
  return held;
}

/** Boxes [left, top, right, bottom, radius], found by the cells that they touch. */
class Grid {
  constructor() {
    this.cells = new Map();
  }
  keys([left, top, right, bottom]) {
    const found = [];
    for (let column = Math.floor(left / CELL); column <= Math.floor(right / CELL); column++)
      for (let row = Math.floor(top / CELL); row <= Math.floor(bottom / CELL); row++) found.push(column * 65536 + row);
    return found;
  }
  put(box) {
    for (const key of this.keys(box)) {
      if (!this.cells.has(key)) this.cells.set(key, []);
      this.cells.get(key).push(box);
    }
  }
  /** How many nodes smaller than `over` a box covers; Infinity where it touches anything else. */
  covered(box, over) {
    const met = new Set();
    for (const key of this.keys(box))
      for (const other of this.cells.get(key) ?? []) {
        if (box[0] >= other[2] || other[0] >= box[2] || box[1] >= other[3] || other[1] >= box[3]) continue;
        if (other[4] >= over) return Infinity;
        met.add(other);
      }
    return met.size;
  }
}

/** Whether a line passes through a box (Liang and Barsky 1984): 1 or 0. */
function crosses([x0, y0, x1, y1], [left, top, right, bottom]) {
  let [enters, leaves] = [0, 1];
  for (const [step, low, high] of [[x1 - x0, left - x0, right - x0], [y1 - y0, top - y0, bottom - y0]]) {
    if (step === 0) {
      if (low > 0 || high < 0) return 0;
      continue;
    }
    enters = Math.max(enters, Math.min(low / step, high / step));
    leaves = Math.min(leaves, Math.max(low / step, high / step));
  }
  return Number(enters < leaves);
}

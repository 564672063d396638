import { trace } from "./draw.js";
import { paintNames, placeNames } from "./names.js";
import { listen } from "./pointer.js";

const SHARP = 120; // ms after the last movement until the bitmap is drawn anew
const QUICK = 9; // ms within which the bitmap is drawn in every frame
const SLICE = 14; // ms of drawing the bitmap before the next frame, where it takes longer
const MARGIN = 0.2; // of the bitmap beyond each side, in widths of the canvas
const PACE = 40; // chunks of a slice at least: each slice costs a copy of the bitmap
const CHUNK = 64; // lines that are stroked together: long paths take longer than their parts
const DENSE = 5000; // edges from which on most are hairlines, which draw many times as fast
const HEAVY = 20000; // edges from which on the bitmap has one dot a pixel, whatever the screen
const MANY = 400; // nodes from which on they are drawn into the bitmap too
const NEAR = 6; // px from an edge or a node within which a pointer meets it

/**
 * A network drawn on a canvas, with camera, hits and pointer. It knows nothing of the page around it.
 *
 * network: {x, y, radius, type, label, source, target, weight} in columns, `directed`, `looks` (type → {colour, shape});
 * y grows upwards. theme: {paper, ink, edge, faint, accent}. on: callbacks {node, edge, hover, move, moved}.
 */
export class NetworkView {
  constructor(canvas, network, theme, on = {}) {
    Object.assign(this, { canvas, network, theme, on });
    this.n = network.x.length;
    this.m = network.source.length;
    this.x = Float64Array.from(network.x);
    this.y = Float64Array.from(network.y);
    this.source = Int32Array.from(network.source);
    this.target = Int32Array.from(network.target);
    this.nodes = new Uint8Array(this.n).fill(1);
    this.edges = new Uint8Array(this.m).fill(1);
    this.crowd = 1;
    this.many = false;
    this.near = null; // a mask of the nodes in focus, or null
    this.picked = null; // {node} or {edge}
    this.over = null;
    this.camera = { x: 0, y: 0, k: 1 };
    this.context = canvas.getContext("2d");
    // Edges are drawn into a bitmap, which is moved and scaled with the camera until it is drawn anew.
    this.front = document.createElement("canvas");
    this.back = document.createElement("canvas");
    this.cached = null; // the camera of the bitmap
    this.quick = false;
    this.pace = PACE; // chunks of a slice
    this.widths = new Map(); // of names, by `names.js`
    this.names = [];
    this.twice = network.directed ? reciprocal(this) : null;
    this.weigh();
    this.frame = 0;
    this.resize();
    this.fit();
    listen(this);
    new ResizeObserver(() => this.resize()).observe(canvas);
  }

  // -- what is shown ---------------------------------------------------------------------------------------------------

  /** Masks of nodes and edges; an edge needs both ends. */
  show(nodes, edges) {
    this.nodes = nodes;
    this.edges = edges;
    const shown = nodes.reduce((sum, one) => sum + one, 0);
    this.crowd = shown > 2000 ? 0.6 : shown > 600 ? 0.8 : 1; // many nodes are drawn smaller
    this.many = shown > MANY;
    this.stale();
  }
  /** A mask of nodes in focus; null for all. */
  focus(near) {
    this.near = near;
    this.stale();
  }
  pick(picked) {
    this.picked = picked;
    this.stale();
  }
  paintWith(theme) {
    this.theme = theme;
    this.stale();
  }
  /** Radii and looks have changed. */
  weigh() {
    this.order = Array.from({ length: this.n }, (_, i) => i).sort((a, b) => this.network.radius[b] - this.network.radius[a] || a - b);
  }
  /** Put a node somewhere; `held`: for now, it is still in the hand. */
  moveNode(i, x, y, held = false) {
    this.x[i] = x;
    this.y[i] = y;
    this.held = held ? i : undefined;
    if (held && !this.quick) this.draw();
    else this.stale();
  }
  stale() {
    this.cached = null;
    this.draw();
  }

  // -- camera ----------------------------------------------------------------------------------------------------------

  resize() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const ratio = globalThis.devicePixelRatio || 1;
    if (!width || !height || (width === this.width && height === this.height && ratio === this.ratio)) return;
    const first = !this.width;
    Object.assign(this, { width, height, ratio });
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.cached = null;
    if (first || !this.touched) this.fit();
    else this.draw(true);
  }
  /** The box of the nodes of a mask, of those that are shown by default. */
  extent(mask = this.nodes) {
    let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let i = 0; i < this.n; i++) {
      if (!mask[i]) continue;
      left = Math.min(left, this.x[i]);
      right = Math.max(right, this.x[i]);
      bottom = Math.min(bottom, this.y[i]);
      top = Math.max(top, this.y[i]);
    }
    return left > right ? [0, 0, 0, 0] : [left, right, bottom, top];
  }
  fitted(width, height, mask) {
    const [left, right, bottom, top] = this.extent(mask);
    const side = Math.min(110, width * 0.16);
    const k = Math.min((width - 2 * side) / Math.max(right - left, 1e-9), (height - 100) / Math.max(top - bottom, 1e-9), 150);
    return { x: (left + right) / 2, y: (bottom + top) / 2, k: Math.max(k, 1e-6) };
  }
  fit(mask) {
    this.whole = this.fitted(this.width || 1, this.height || 1).k;
    this.camera = this.fitted(this.width || 1, this.height || 1, mask);
    this.touched = false;
    this.draw();
  }
  pan(dx, dy) {
    this.camera = { ...this.camera, x: this.camera.x - dx / this.camera.k, y: this.camera.y + dy / this.camera.k };
    this.touched = true;
    this.draw();
  }
  /** Zoom around a point of the canvas. */
  zoom(factor, px = this.width / 2, py = this.height / 2) {
    const k = Math.min(Math.max(this.camera.k * factor, this.whole / 4), Math.max(this.whole * 60, 300));
    const [x, y] = this.toWorld(px, py);
    this.camera = { x: x - (px - this.width / 2) / k, y: y + (py - this.height / 2) / k, k };
    this.touched = true;
    this.draw();
  }
  centre(i) {
    const k = Math.max(this.camera.k, Math.min(this.whole * 2, 90));
    this.camera = { x: this.x[i], y: this.y[i], k };
    this.touched = true;
    this.draw();
  }
  toWorld(px, py) {
    const { x, y, k } = this.camera;
    return [x + (px - this.width / 2) / k, y - (py - this.height / 2) / k];
  }
  toScreen(i, { x, y, k } = this.camera, width = this.width, height = this.height) {
    return [(this.x[i] - x) * k + width / 2, (y - this.y[i]) * k + height / 2];
  }
  /** How much larger nodes are than at the zoom at which all can be seen. */
  growth(k) {
    return Math.min(Math.max((k / this.whole) ** 0.4, 0.6), 2) * this.crowd * (this.width < 600 ? 0.7 : 1);
  }

  // -- drawing ---------------------------------------------------------------------------------------------------------

  draw(now = false) {
    if (now) return this.paint();
    this.frame ||= requestAnimationFrame(() => this.paint());
  }
  paint() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    if (!this.width) return;
    const { context, camera, width, height, ratio } = this;
    if (!this.cached) this.renew(true);
    else if (!same(this.cached, camera)) this.quick ? this.renew(false) : this.later();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = this.theme.paper;
    context.fillRect(0, 0, width, height);
    const scale = camera.k / this.cached.k;
    const [w, h] = [width * (1 + 2 * MARGIN) * scale, height * (1 + 2 * MARGIN) * scale];
    const left = width / 2 + (this.cached.x - camera.x) * camera.k - w / 2;
    const top = height / 2 - (this.cached.y - camera.y) * camera.k - h / 2;
    context.drawImage(this.front, left, top, w, h);
    if (this.many) this.rings(context, camera, width, height, this.theme, this.growth(camera.k));
    else this.paintNodes(context, camera, width, height, this.theme);
    if (this.held !== undefined && !this.quick) this.paintHeld(context, camera, width, height);
    if (!this.many || same(this.cached, camera)) this.names = placeNames(this, context, camera, width, height);
    paintNames(this, context, camera, width, height, this.theme, this.names);
  }
  /** Draw the bitmap anew when the camera has come to rest. */
  later() {
    clearTimeout(this.timer);
    if (!this.growing) cancelAnimationFrame(this.working); // a bitmap for a camera that has moved on
    const now = performance.now();
    const wait = Math.max(SHARP, 2 * Math.min(now - (this.moved ?? now), 500)); // frames may be slow
    this.moved = now;
    this.timer = setTimeout(() => this.renew(false), wait);
  }
  /** Draw the bitmap for this camera, in slices; `shown`: in sight while it grows, where the former one is wrong. */
  renew(shown) {
    clearTimeout(this.timer);
    cancelAnimationFrame(this.working);
    const [w, h] = [this.width * (1 + 2 * MARGIN), this.height * (1 + 2 * MARGIN)];
    const shownEdges = this.edges.reduce((sum, one) => sum + one, 0);
    this.dense = shownEdges > DENSE;
    this.thin = Math.min(Math.max(1800 / shownEdges, 0.1), 0.35); // so that a mass of edges has depth
    const ratio = shownEdges > HEAVY ? 1 : this.ratio;
    this.hair = 1 / ratio;
    const { back, camera } = this;
    Object.assign(back, { width: Math.round(w * ratio), height: Math.round(h * ratio) });
    const context = back.getContext("2d");
    context.setTransform(back.width / w, 0, 0, back.height / h, 0, 0);
    const job = this.layer(context, camera, w, h);
    const start = performance.now();
    const finish = () => {
      if (this.front !== back) [this.front, this.back] = [back, this.front];
      this.cached = camera;
    };
    let done = this.slice(job, back);
    this.quick = done && performance.now() - start < QUICK;
    this.growing = shown && !done;
    if (done || shown) finish();
    const go = () => {
      done = this.slice(job, back);
      if (done || shown) {
        finish();
        this.draw(true);
      }
      this.growing = shown && !done;
      if (!done) this.working = requestAnimationFrame(go);
    };
    if (!done) this.working = requestAnimationFrame(go);
    else if (!shown && !this.quick) this.draw();
  }
  /** A slice of a job, about as long as wanted; whether the job is done. */
  slice(job, canvas) {
    const start = performance.now();
    let done = false;
    for (let n = 0; n < this.pace && !done; n++) done = job.next().done;
    // What is drawn is only noted until it is asked for.
    (this.scratch ??= new OffscreenCanvas(1, 1).getContext("2d")).drawImage(canvas, 0, 0, 1, 1);
    const factor = SLICE / Math.max(performance.now() - start, 1);
    if (!done) this.pace = Math.max(PACE, Math.round(this.pace * Math.min(Math.max(factor, 0.5), 2)));
    return done;
  }
  *layer(context, camera, width, height) {
    yield* this.paintEdges(context, camera, width, height, this.theme);
    if (this.many) this.paintNodes(context, camera, width, height, this.theme, false);
  }
  /** A node in the hand and its edges, while the bitmap shows where it was. */
  paintHeld(context, camera, width, height) {
    const { source, target } = this;
    const { radius, type, looks, tint } = this.network;
    const i = this.held;
    const [x, y] = this.toScreen(i, camera, width, height);
    context.strokeStyle = this.theme.strong;
    context.lineWidth = 1;
    context.beginPath();
    for (let e = 0; e < this.m; e++) {
      if (!this.edges[e] || (source[e] !== i && target[e] !== i)) continue;
      context.moveTo(x, y);
      context.lineTo(...this.toScreen(source[e] === i ? target[e] : source[e], camera, width, height));
    }
    context.stroke();
    context.fillStyle = tint ? tint[i] : looks[type[i]].colour;
    context.beginPath();
    trace(context, looks[type[i]].shape, x, y, radius[i] * this.growth(camera.k));
    context.fill();
  }

  /** Yields after every few edges. */
  *paintEdges(context, camera, width, height, theme) {
    const { source, target } = this;
    const { weight } = this.network;
    const groups = new Map(); // look → numbers of edges
    const { near, picked } = this;
    for (let e = 0; e < this.m; e++) {
      if (!this.edges[e]) continue;
      const inside = !near || (near[source[e]] && near[target[e]]);
      if (!inside && this.dense) continue;
      const rank = picked?.edge === e ? 3 : !inside ? 0 : picked?.node !== undefined && (source[e] === picked.node || target[e] === picked.node) ? 2 : 1;
      const key = rank * 100 + Math.min(weight[e], 12);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(e);
    }
    const colours = [theme.faint, theme.edge, theme.strong, theme.accent];
    const { x: cx, y: cy, k } = camera;
    for (const key of [...groups.keys()].sort((a, b) => a - b)) {
      const rank = Math.floor(key / 100);
      context.strokeStyle = context.fillStyle = colours[this.dense && rank === 1 ? 2 : rank];
      context.globalAlpha = this.dense && rank === 1 ? this.thin : 1;
      const weighed = key % 100;
      context.lineWidth = (this.dense ? (weighed < 4 ? this.hair : weighed * 0.3) : 0.55 + weighed * 0.45) + (rank === 3 ? 1.5 : 0);
      const heads = [];
      let held = 0;
      context.beginPath();
      for (const e of groups.get(key)) {
        let x0 = (this.x[source[e]] - cx) * k + width / 2;
        let y0 = (cy - this.y[source[e]]) * k + height / 2;
        let x1 = (this.x[target[e]] - cx) * k + width / 2;
        let y1 = (cy - this.y[target[e]]) * k + height / 2;
        if ((x0 < 0 && x1 < 0) || (x0 > width && x1 > width) || (y0 < 0 && y1 < 0) || (y0 > height && y1 > height)) continue;
        if (this.twice?.[e]) [x0, y0, x1, y1] = aside(x0, y0, x1, y1);
        if (this.network.directed) {
          const long = Math.hypot(x1 - x0, y1 - y0) || 1;
          const gap = this.network.radius[target[e]] * this.growth(k) + 1;
          const size = 6 + context.lineWidth;
          if (long > gap + size) {
            const [ux, uy] = [(x1 - x0) / long, (y1 - y0) / long];
            heads.push([x1 - ux * gap, y1 - uy * gap, ux, uy, size]);
            [x1, y1] = [x1 - ux * (gap + size * 0.7), y1 - uy * (gap + size * 0.7)];
          }
        }
        context.moveTo(x0, y0);
        context.lineTo(x1, y1);
        if (++held % CHUNK === 0) {
          context.stroke();
          yield;
          context.beginPath();
        }
      }
      context.stroke();
      context.beginPath();
      for (const [x, y, ux, uy, size] of heads) {
        context.moveTo(x, y);
        context.lineTo(x - ux * size - uy * size * 0.45, y - uy * size + ux * size * 0.45);
        context.lineTo(x - ux * size + uy * size * 0.45, y - uy * size - ux * size * 0.45);
        context.closePath();
      }
      context.fill();
    }
    context.globalAlpha = 1;
  }

  paintNodes(context, camera, width, height, theme, rings = true) {
    const { radius, type, looks, tint } = this.network;
    const grown = this.growth(camera.k);
    const groups = new Map();
    for (let n = this.n - 1; n >= 0; n--) {
      const i = this.order[n]; // the small on top of the large
      if (!this.nodes[i]) continue;
      const [x, y] = this.toScreen(i, camera, width, height);
      const r = radius[i] * grown;
      if (x < -r || y < -r || x > width + r || y > height + r) continue;
      const faded = this.near && !this.near[i];
      const key = `${faded ? 0 : 1}|${tint ? tint[i] : looks[type[i]].colour}|${looks[type[i]].shape}`;
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(x, y, r);
    }
    context.strokeStyle = theme.paper;
    context.lineWidth = 1.2;
    for (const key of [...groups.keys()].sort()) {
      const [inside, colour, shape] = key.split("|");
      const held = groups.get(key);
      context.fillStyle = colour;
      context.globalAlpha = inside === "1" ? 1 : 0.18;
      // One by one: a path of many shapes takes longer.
      for (let at = 0; at < held.length; at += 3) {
        context.beginPath();
        trace(context, shape, held[at], held[at + 1], held[at + 2]);
        context.fill();
        if (inside === "1") context.stroke();
      }
      context.globalAlpha = 1;
    }
    if (rings) this.rings(context, camera, width, height, theme, grown);
  }
  /** The nodes that are picked or under the pointer, alone or as ends of an edge. */
  marked() {
    const { source, target } = this;
    const ends = (one) => (one?.node !== undefined ? [one.node] : one?.edge !== undefined ? [source[one.edge], target[one.edge]] : []);
    return new Set([this.picked, this.over].flatMap(ends));
  }
  /** Mark what is picked and what the pointer is over. */
  rings(context, camera, width, height, theme, grown) {
    context.strokeStyle = theme.accent;
    context.lineWidth = 2.5;
    context.beginPath();
    for (const i of this.marked()) {
      if (!this.nodes[i]) continue;
      const [x, y] = this.toScreen(i, camera, width, height);
      const r = this.network.radius[i] * grown + 4;
      context.moveTo(x + r, y);
      context.arc(x, y, r, 0, 2 * Math.PI);
    }
    context.stroke();
  }

  // -- hits ------------------------------------------------------------------------------------------------------------

  /** The node or edge at a point: {node}, {edge} or null. A pass over 50,000 edges takes a millisecond; no grid is as quick to keep. */
  at(px, py) {
    const [wx, wy] = this.toWorld(px, py);
    const { k } = this.camera;
    const grown = this.growth(k);
    let [best, least] = [null, Infinity];
    for (let i = 0; i < this.n; i++) {
      if (!this.nodes[i]) continue;
      const away = Math.hypot(wx - this.x[i], wy - this.y[i]) * k - this.network.radius[i] * grown;
      if (away < NEAR / 2 && away < least) [best, least] = [{ node: i }, away];
    }
    if (best) return best;
    const { source, target } = this;
    const { weight } = this.network;
    least = NEAR;
    for (let e = 0; e < this.m; e++) {
      if (!this.edges[e]) continue;
      let x0 = (this.x[source[e]] - wx) * k;
      let x1 = (this.x[target[e]] - wx) * k;
      if ((x0 > NEAR && x1 > NEAR) || (x0 < -NEAR && x1 < -NEAR)) continue;
      let y0 = (wy - this.y[source[e]]) * k;
      let y1 = (wy - this.y[target[e]]) * k;
      if ((y0 > NEAR && y1 > NEAR) || (y0 < -NEAR && y1 < -NEAR)) continue;
      if (this.twice?.[e]) [x0, y0, x1, y1] = aside(x0, y0, x1, y1);
      const [dx, dy] = [x1 - x0, y1 - y0];
      const part = Math.min(Math.max(-(x0 * dx + y0 * dy) / (dx * dx + dy * dy || 1), 0), 1);
      const away = Math.hypot(x0 + part * dx, y0 + part * dy) - Math.min(weight[e], 12) * 0.2;
      if (away < least) [best, least] = [{ edge: e }, away];
    }
    return best;
  }

  // -- pictures --------------------------------------------------------------------------------------------------------

  /** Draw what is seen into another context. */
  paintInto(context, width, height, theme, camera = this.camera) {
    const over = this.over;
    this.over = null;
    context.fillStyle = theme.paper;
    context.fillRect(0, 0, width, height);
    for (const _ of this.paintEdges(context, camera, width, height, theme));
    this.paintNodes(context, camera, width, height, theme);
    paintNames(this, context, camera, width, height, theme, placeNames(this, context, camera, width, height));
    this.over = over;
  }
}

const same = (one, other) => one.x === other.x && one.y === other.y && one.k === other.k;

/** Which edges of a directed network have one that leads back. */
function reciprocal({ source, target }) {
  const held = new Set(Array.from(source, (one, e) => `${one},${target[e]}`));
  return Uint8Array.from(source, (one, e) => Number(held.has(`${target[e]},${one}`)));
}

/** A line a little to the right, beside the one that leads back. */
function aside(x0, y0, x1, y1) {
  const long = Math.hypot(x1 - x0, y1 - y0) || 1;
  const [dx, dy] = [(-(y1 - y0) / long) * 4, ((x1 - x0) / long) * 4];
  return [x0 + dx, y0 + dy, x1 + dx, y1 + dy];
}

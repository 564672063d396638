import { trace } from "./draw.js";
import { paintNames, placeNames } from "./names.js";

const SHARP = 120; // ms after the last movement until edges are drawn anew
const QUICK = 9; // ms within which edges are drawn in every frame, without a bitmap
const MARGIN = 0.25; // of the bitmap of edges beyond each side, in widths of the canvas
const CHUNK = 256; // lines that are stroked together: longer paths take longer than their parts
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
    this.nodes = new Uint8Array(this.n).fill(1);
    this.edges = new Uint8Array(this.m).fill(1);
    this.near = null; // a mask of the nodes in focus, or null
    this.picked = null; // {node} or {edge}
    this.over = null;
    this.camera = { x: 0, y: 0, k: 1 };
    this.context = canvas.getContext("2d");
    this.cache = document.createElement("canvas");
    this.cached = null; // the camera of the bitmap
    this.cost = 0;
    this.widths = new Map(); // of names, by `names.js`
    this.names = [];
    this.twice = network.directed ? reciprocal(network) : null;
    this.weigh();
    this.frame = 0;
    this.resize();
    this.fit();
    this.listen();
    new ResizeObserver(() => this.resize()).observe(canvas);
  }

  // -- what is shown ---------------------------------------------------------------------------------------------------

  /** Masks of nodes and edges; an edge needs both ends. */
  show(nodes, edges) {
    this.nodes = nodes;
    this.edges = edges;
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
  moveNode(i, x, y) {
    this.x[i] = x;
    this.y[i] = y;
    this.stale();
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
    return Math.min(Math.max((k / this.whole) ** 0.4, 0.6), 2) * (this.width < 600 ? 0.7 : 1);
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
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = this.theme.paper;
    context.fillRect(0, 0, width, height);
    if (!this.cached || (this.cost < QUICK && !same(this.cached, camera))) this.sharpen();
    else if (!same(this.cached, camera)) this.later();
    const scale = camera.k / this.cached.k;
    const [w, h] = [width * (1 + 2 * MARGIN) * scale, height * (1 + 2 * MARGIN) * scale];
    const left = width / 2 + (this.cached.x - camera.x) * camera.k - w / 2;
    const top = height / 2 - (this.cached.y - camera.y) * camera.k - h / 2;
    context.drawImage(this.cache, left, top, w, h);
    const still = same(this.cached, camera);
    this.paintNodes(context, camera, width, height, this.theme);
    if (still || this.n <= 1500) this.names = placeNames(this, context, camera, width, height);
    paintNames(this, context, camera, width, height, this.theme, this.names);
  }
  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.stale(), SHARP);
  }
  /** Draw the bitmap of the edges for this camera. */
  sharpen() {
    clearTimeout(this.timer);
    const start = performance.now();
    const [w, h] = [this.width * (1 + 2 * MARGIN), this.height * (1 + 2 * MARGIN)];
    const [wide, high] = [Math.round(w * this.ratio), Math.round(h * this.ratio)];
    const context = this.cache.getContext("2d");
    if (this.cache.width !== wide || this.cache.height !== high) Object.assign(this.cache, { width: wide, height: high });
    context.setTransform(wide / w, 0, 0, high / h, 0, 0);
    context.clearRect(0, 0, w, h);
    this.paintEdges(context, this.camera, w, h, this.theme);
    this.cached = this.camera;
    this.cost = performance.now() - start;
  }

  paintEdges(context, camera, width, height, theme) {
    const { source, target, weight } = this.network;
    const groups = new Map(); // look → numbers of edges
    const { near, picked } = this;
    for (let e = 0; e < this.m; e++) {
      if (!this.edges[e]) continue;
      const inside = !near || (near[source[e]] && near[target[e]]);
      const rank = picked?.edge === e ? 3 : !inside ? 0 : picked?.node !== undefined && (source[e] === picked.node || target[e] === picked.node) ? 2 : 1;
      const key = rank * 100 + Math.min(weight[e], 12);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(e);
    }
    const colours = [theme.faint, theme.edge, theme.strong, theme.accent];
    const { x: cx, y: cy, k } = camera;
    for (const key of [...groups.keys()].sort((a, b) => a - b)) {
      const rank = Math.floor(key / 100);
      context.strokeStyle = context.fillStyle = colours[rank];
      context.lineWidth = 0.6 + (key % 100) * 0.45 + (rank === 3 ? 1.5 : 0);
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
          context.beginPath();
        }
      }
      context.stroke();
      if (!heads.length) continue;
      context.beginPath();
      for (const [x, y, ux, uy, size] of heads) {
        context.moveTo(x, y);
        context.lineTo(x - ux * size - uy * size * 0.45, y - uy * size + ux * size * 0.45);
        context.lineTo(x - ux * size + uy * size * 0.45, y - uy * size - ux * size * 0.45);
        context.closePath();
      }
      context.fill();
    }
  }

  paintNodes(context, camera, width, height, theme) {
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
      context.beginPath();
      for (let at = 0; at < held.length; at += 3) trace(context, shape, held[at], held[at + 1], held[at + 2]);
      context.fill();
      context.globalAlpha = 1;
      if (inside === "1") context.stroke();
    }
    this.rings(context, camera, width, height, theme, grown);
  }
  /** The nodes that are picked or under the pointer, alone or as ends of an edge. */
  marked() {
    const { source, target } = this.network;
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

  /** The node or edge at a point: {node}, {edge} or null. A pass over 50,000 edges takes less than a millisecond. */
  at(px, py) {
    const grown = this.growth(this.camera.k);
    let [best, least] = [null, Infinity];
    for (let i = 0; i < this.n; i++) {
      if (!this.nodes[i]) continue;
      const [x, y] = this.toScreen(i);
      const away = Math.hypot(px - x, py - y) - this.network.radius[i] * grown;
      if (away < NEAR / 2 && away < least) [best, least] = [{ node: i }, away];
    }
    if (best) return best;
    const { source, target, weight } = this.network;
    const { x: cx, y: cy, k } = this.camera;
    least = NEAR;
    for (let e = 0; e < this.m; e++) {
      if (!this.edges[e]) continue;
      let x0 = (this.x[source[e]] - cx) * k + this.width / 2 - px;
      let y0 = (cy - this.y[source[e]]) * k + this.height / 2 - py;
      let x1 = (this.x[target[e]] - cx) * k + this.width / 2 - px;
      let y1 = (cy - this.y[target[e]]) * k + this.height / 2 - py;
      if ((x0 > NEAR && x1 > NEAR) || (x0 < -NEAR && x1 < -NEAR) || (y0 > NEAR && y1 > NEAR) || (y0 < -NEAR && y1 < -NEAR)) continue;
      if (this.twice?.[e]) [x0, y0, x1, y1] = aside(x0, y0, x1, y1);
      const [dx, dy] = [x1 - x0, y1 - y0];
      const part = Math.min(Math.max(-(x0 * dx + y0 * dy) / (dx * dx + dy * dy || 1), 0), 1);
      const away = Math.hypot(x0 + part * dx, y0 + part * dy) - Math.min(weight[e], 12) * 0.2;
      if (away < least) [best, least] = [{ edge: e }, away];
    }
    return best;
  }

  // -- pointer ---------------------------------------------------------------------------------------------------------

  listen() {
    const { canvas } = this;
    const down = new Map();
    let drag = null;
    const place = (event) => [event.offsetX, event.offsetY];
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      canvas.setPointerCapture(event.pointerId);
      const [px, py] = place(event);
      down.set(event.pointerId, [px, py]);
      const hit = down.size === 1 ? this.at(px, py) : null;
      const from = hit?.node !== undefined ? [this.x[hit.node], this.y[hit.node]] : null;
      const [x, y] = this.toWorld(px, py);
      drag = { px, py, hit, moved: false, from, grip: from && [from[0] - x, from[1] - y] };
    });
    canvas.addEventListener("pointermove", (event) => {
      const [px, py] = place(event);
      const last = down.get(event.pointerId);
      if (!last) return this.hover(this.at(px, py), px, py);
      if (down.size === 2) {
        const [[, other]] = [...down].filter(([id]) => id !== event.pointerId);
        const factor = Math.hypot(px - other[0], py - other[1]) / (Math.hypot(last[0] - other[0], last[1] - other[1]) || 1);
        this.zoom(factor, (px + other[0]) / 2, (py + other[1]) / 2);
        if (drag) drag.moved = true;
      } else if (drag && (drag.moved || Math.hypot(px - drag.px, py - drag.py) > 4)) {
        drag.moved = true;
        const [x, y] = this.toWorld(px, py);
        if (drag.from) this.moveNode(drag.hit.node, x + drag.grip[0], y + drag.grip[1]);
        else this.pan(px - last[0], py - last[1]);
      }
      down.set(event.pointerId, [px, py]);
    });
    const up = (event) => {
      if (!down.delete(event.pointerId) || !drag || down.size) return;
      const { hit, moved, from } = drag;
      drag = null;
      if (moved && from) this.on.moved?.(hit.node, from);
      else if (!moved && event.type === "pointerup") {
        if (hit?.node !== undefined) this.on.node?.(hit.node);
        else if (hit) this.on.edge?.(hit.edge);
        else this.on.nothing?.();
      }
    };
    canvas.addEventListener("pointerup", up);
    canvas.addEventListener("pointercancel", up);
    canvas.addEventListener("pointerleave", () => this.hover(null, 0, 0));
    canvas.addEventListener("dblclick", (event) => this.zoom(1.8, ...place(event)));
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(Math.exp(-Math.min(Math.max(event.deltaY * (event.deltaMode ? 16 : 1), -240), 240) * 0.0022), ...place(event));
    }, { passive: false });
  }
  hover(hit, px, py) {
    if (hit?.node !== this.over?.node || hit?.edge !== this.over?.edge) {
      this.over = hit;
      this.canvas.style.cursor = hit ? "pointer" : "grab";
      this.draw();
    }
    this.on.hover?.(hit, px, py);
  }

  // -- pictures --------------------------------------------------------------------------------------------------------

  /** Draw what is seen into another context. */
  paintInto(context, width, height, theme, camera = this.camera) {
    const over = this.over;
    this.over = null;
    context.fillStyle = theme.paper;
    context.fillRect(0, 0, width, height);
    this.paintEdges(context, camera, width, height, theme);
    this.paintNodes(context, camera, width, height, theme);
    paintNames(this, context, camera, width, height, theme, placeNames(this, context, camera, width, height));
    this.over = over;
  }
}

const same = (one, other) => one.x === other.x && one.y === other.y && one.k === other.k;

/** Which edges of a directed network have one that leads back. */
function reciprocal({ source, target }) {
  const held = new Set(source.map((one, e) => `${one},${target[e]}`));
  return Uint8Array.from(source, (one, e) => Number(held.has(`${target[e]},${one}`)));
}

/** A line a little to the right, beside the one that leads back. */
function aside(x0, y0, x1, y1) {
  const long = Math.hypot(x1 - x0, y1 - y0) || 1;
  const [dx, dy] = [(-(y1 - y0) / long) * 4, ((x1 - x0) / long) * 4];
  return [x0 + dx, y0 + dy, x1 + dx, y1 + dy];
}

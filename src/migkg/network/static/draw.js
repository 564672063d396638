// Shapes, names and a canvas context that writes SVG: what drawing needs and knows nothing of networks.

const TURN = 2 * Math.PI;
// Corners of each shape around (0, 0), y downwards, of about the area of a circle of radius 1.
const CORNERS = {
  square: regular(4, 0.25 * Math.PI, 1.25),
  diamond: regular(4, 0, 1.28),
  triangle: regular(3, -0.5 * Math.PI, 1.42),
  nabla: regular(3, 0.5 * Math.PI, 1.42),
  pentagon: regular(5, -0.5 * Math.PI, 1.16),
  hexagon: regular(6, 0, 1.1),
};

function regular(corners, from, radius) {
  return Array.from({ length: corners }, (_, n) => {
    const angle = from + (n * TURN) / corners;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

/** Add a shape to the path of a context. */
export function trace(context, shape, x, y, radius) {
  const corners = CORNERS[shape];
  if (!corners) {
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, TURN);
    return;
  }
  corners.forEach(([dx, dy], n) => context[n ? "lineTo" : "moveTo"](x + dx * radius, y + dy * radius));
  context.closePath();
}

/** A shape as an element of a page. */
export function icon(shape, colour, size = 14) {
  const made = new SvgContext(size, size);
  made.fillStyle = colour;
  made.beginPath();
  trace(made, shape, size / 2, size / 2 + (shape === "triangle" ? 1 : shape === "nabla" ? -1 : 0), size * 0.36);
  made.fill();
  const element = new DOMParser().parseFromString(made.text(), "image/svg+xml").documentElement;
  element.setAttribute("aria-hidden", "true");
  return document.importNode(element, true);
}

/** Text in lines of so many characters, broken between words; the last ends in an ellipsis where text is left out. */
export function wrapped(text, width = 26, most = 2) {
  const lines = [];
  let rest = text.replace(/\s+/g, " ").trim();
  while (rest && lines.length < most) {
    const chars = Array.from(rest);
    if (chars.length <= width) {
      lines.push(rest);
      return lines;
    }
    const last = lines.length === most - 1;
    const head = chars.slice(0, last ? width - 1 : width + 1).join("");
    const space = head.lastIndexOf(" ");
    const cut = space > width / 3 ? head.slice(0, space) : chars.slice(0, last ? width - 1 : width).join("");
    lines.push(last ? cut.trimEnd() + "…" : cut.trimEnd());
    rest = rest.slice(cut.length).trimStart();
  }
  return lines;
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]|[\ud802\ud803\ud83a\ud83b][\udc00-\udfff]/;
const LEFT_TO_RIGHT = /\p{L}/u;

/** The direction of a text, by its first letter (Unicode Bidirectional Algorithm, P2). */
export function direction(text) {
  for (const char of text) {
    if (RIGHT_TO_LEFT.test(char)) return "rtl";
    if (LEFT_TO_RIGHT.test(char)) return "ltr";
  }
  return "ltr";
}

/** Text as a search compares it: without case and accents. */
export function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

const ESCAPED = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text) =>
  // eslint-disable-next-line no-control-regex
  String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd").replace(/[&<>"]/g, (char) => ESCAPED[char]);
const short = (number) => String(Math.round(number * 100) / 100);

/** The part of a canvas context that this program uses, which writes SVG: a picture in it is the picture on screen. */
export class SvgContext {
  constructor(width, height, measure = null) {
    Object.assign(this, { width, height, measure, parts: [], path: [], fillStyle: "#000", strokeStyle: "#000" });
    Object.assign(this, { lineWidth: 1, globalAlpha: 1, font: "10px sans-serif", textAlign: "left", direction: "ltr" });
  }
  beginPath() { this.path = []; }
  moveTo(x, y) { this.path.push(`M${short(x)} ${short(y)}`); }
  lineTo(x, y) { this.path.push(`L${short(x)} ${short(y)}`); }
  closePath() { this.path.push("Z"); }
  /** Whole circles only. */
  arc(x, y, r) {
    this.path.push(`A${short(r)} ${short(r)} 0 1 1 ${short(x - r)} ${short(y)}A${short(r)} ${short(r)} 0 1 1 ${short(x + r)} ${short(y)}Z`);
  }
  fill() { this.add(`<path d="${this.path.join("")}" fill="${this.fillStyle}"${this.alpha("fill")}/>`); }
  stroke() {
    this.add(`<path d="${this.path.join("")}" fill="none" stroke="${this.strokeStyle}" stroke-width="${short(this.lineWidth)}" stroke-linejoin="round"${this.alpha("stroke")}/>`);
  }
  fillRect(x, y, width, height) {
    this.add(`<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" fill="${this.fillStyle}"${this.alpha("fill")}/>`);
  }
  fillText(text, x, y) { this.write(text, x, y, `fill="${this.fillStyle}"${this.alpha("fill")}`); }
  strokeText(text, x, y) {
    this.write(text, x, y, `fill="none" stroke="${this.strokeStyle}" stroke-width="${short(this.lineWidth)}" stroke-linejoin="round" aria-hidden="true"`);
  }
  measureText(text) {
    this.measure.font = this.font;
    return this.measure.measureText(text);
  }
  write(text, x, y, look) {
    const [, weight, size, family] = /^(?:(\d+) )?([\d.]+)px (.*)$/.exec(this.font) ?? [0, "", "10", "sans-serif"];
    // Where a line begins depends on its direction; left and right do not.
    const anchor = { left: "start", center: "middle", right: "end" }[this.textAlign] ?? "start";
    const turned = this.direction === "rtl" ? { start: "end", middle: "middle", end: "start" }[anchor] : anchor;
    const bold = weight ? ` font-weight="${weight}"` : "";
    this.add(`<text x="${short(x)}" y="${short(y)}" font-family="${escaped(family)}" font-size="${size}"${bold} text-anchor="${turned}" direction="${this.direction}" ${look}>${escaped(text)}</text>`);
  }
  /** Paint into a part of the picture, with the origin in its corner. */
  nest(x, y, width, height, paint) {
    this.add(`<svg x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" overflow="hidden">`);
    paint();
    this.add("</svg>");
  }
  alpha(of) { return this.globalAlpha < 1 ? ` ${of}-opacity="${short(this.globalAlpha)}"` : ""; }
  add(element) { this.parts.push(element); }
  text() {
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${short(this.width)}" height="${short(this.height)}" viewBox="0 0 ${short(this.width)} ${short(this.height)}">${this.parts.join("\n")}</svg>\n`;
  }
}

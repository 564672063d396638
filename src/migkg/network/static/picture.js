import { SvgContext, trace } from "./draw.js";
import { FONT } from "./names.js";

/** Text in lines no wider than so many pixels. */
function broken(context, text, width) {
  const lines = [];
  for (const word of text.split(/\s+/)) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** What is seen, without the empty space above and below. */
function trimmed({ camera, height, ...view }, room = 70) {
  let [top, bottom] = [Infinity, -Infinity];
  view.nodes.forEach((shown, i) => {
    const y = (camera.y - view.y[i]) * camera.k + height / 2;
    if (shown) [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  });
  top = Math.max(Math.min(top, height) - room, 0);
  bottom = Math.min(Math.max(bottom, 0) + room, height);
  if (bottom - top < 2 * room) return { camera, height };
  return { camera: { ...camera, y: camera.y + (height - top - bottom) / 2 / camera.k }, height: bottom - top };
}

/**
 * What is seen of a view, with title, legend and source line, in a context that `make(width, height)` gives.
 *
 * told: {title, about, legend: [{label, colour, shape}], source}.
 */
export function framed(view, told, theme, make) {
  const { width, context: measure } = view;
  const { camera, height } = trimmed(view);
  const edge = 16;
  const fonts = { title: `600 17px ${FONT}`, about: `12px ${FONT}`, legend: `12px ${FONT}`, source: `10.5px ${FONT}` };
  const lines = (part) => {
    measure.font = fonts[part];
    return broken(measure, told[part], width - 2 * edge);
  };
  const [title, about, source] = ["title", "about", "source"].map(lines);
  measure.font = fonts.legend;
  const legend = [];
  let [x, row] = [edge, 0];
  for (const item of told.legend) {
    const wide = measure.measureText(item.label).width + 34;
    if (x > edge && x + wide > width - edge) [x, row] = [edge, row + 1];
    legend.push({ ...item, x, row });
    x += wide;
  }
  const head = 14 + title.length * 22 + about.length * 17;
  const rows = told.legend.length ? row + 1 : 0;
  const foot = 10 + rows * 19 + source.length * 14 + 10;
  const context = make(width, head + height + foot);
  context.fillStyle = theme.paper;
  context.fillRect(0, 0, width, head + height + foot);
  context.nest(0, head, width, height, () => view.paintInto(context, width, height, theme, camera));
  context.textAlign = "left";
  let y = 8;
  const write = (part, held, step, colour) => {
    for (const line of held) {
      y += step;
      Object.assign(context, { font: fonts[part], fillStyle: colour, direction: "ltr" });
      context.fillText(line, edge, y);
    }
  };
  write("title", title, 22, theme.ink);
  write("about", about, 17, theme.soft);
  y = head + height + 10;
  for (const { label, colour, shape, x: left, row: at } of legend) {
    context.fillStyle = colour;
    context.beginPath();
    trace(context, shape, left + 7, y + at * 19 + 8, 5.5);
    context.fill();
    Object.assign(context, { font: fonts.legend, fillStyle: theme.ink });
    context.fillText(label, left + 19, y + at * 19 + 12);
  }
  y += rows * 19;
  write("source", source, 14, theme.soft);
  return context;
}

/** A canvas context that can draw into a part of itself, as `SvgContext` does. */
export function canvasContext(width, height, scale) {
  const canvas = Object.assign(document.createElement("canvas"), { width: width * scale, height: height * scale });
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  context.nest = (x, y, w, h, paint) => {
    context.save();
    context.beginPath();
    context.rect(x, y, w, h);
    context.clip();
    context.translate(x, y);
    paint();
    context.restore();
  };
  return context;
}

/** The same as SVG; names are measured by the view. */
export const svgContext = (view, width, height) => new SvgContext(width, height, view.context);

// What a pointer does to a view: a mouse, a pen, one finger or two.

/** Pan by dragging, move nodes, zoom by wheel and by two fingers, pick by a click. */
export function listen(view) {
  const { canvas } = view;
  const down = new Map();
  let drag = null;
  const place = (event) => [event.offsetX, event.offsetY];
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    const [px, py] = place(event);
    down.set(event.pointerId, [px, py]);
    const hit = down.size === 1 ? view.at(px, py) : null;
    const from = hit?.node !== undefined ? [view.x[hit.node], view.y[hit.node]] : null;
    const [x, y] = view.toWorld(px, py);
    drag = { px, py, hit, moved: false, from, grip: from && [from[0] - x, from[1] - y] };
  });
  canvas.addEventListener("pointermove", (event) => {
    const [px, py] = place(event);
    const last = down.get(event.pointerId);
    if (!last) return hover(view, view.at(px, py), px, py);
    if (down.size === 2) {
      const [[, other]] = [...down].filter(([id]) => id !== event.pointerId);
      const factor = Math.hypot(px - other[0], py - other[1]) / (Math.hypot(last[0] - other[0], last[1] - other[1]) || 1);
      view.zoom(factor, (px + other[0]) / 2, (py + other[1]) / 2);
      if (drag) drag.moved = true;
    } else if (drag && (drag.moved || Math.hypot(px - drag.px, py - drag.py) > 4)) {
      drag.moved = true;
      const [x, y] = view.toWorld(px, py);
      if (drag.from) view.moveNode(drag.hit.node, x + drag.grip[0], y + drag.grip[1], true);
      else view.pan(px - last[0], py - last[1]);
    }
    down.set(event.pointerId, [px, py]);
  });
  const up = (event) => {
    if (!down.delete(event.pointerId) || !drag || down.size) return;
    const { hit, moved, from } = drag;
    drag = null;
    if (moved && from) {
      view.moveNode(hit.node, view.x[hit.node], view.y[hit.node]);
      view.on.moved?.(hit.node, from);
    }
    if (!moved && event.type === "pointerup") {
      if (hit?.node !== undefined) view.on.node?.(hit.node);
      else if (hit) view.on.edge?.(hit.edge);
      else view.on.nothing?.();
    }
  };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  canvas.addEventListener("pointerleave", () => hover(view, null, 0, 0));
  canvas.addEventListener("dblclick", (event) => view.zoom(1.8, ...place(event)));
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    view.zoom(Math.exp(-Math.min(Math.max(event.deltaY * (event.deltaMode ? 16 : 1), -240), 240) * 0.0022), ...place(event));
  }, { passive: false });
}

function hover(view, hit, px, py) {
  if (hit?.node !== view.over?.node || hit?.edge !== view.over?.edge) {
    view.over = hit;
    view.canvas.style.cursor = hit ? "pointer" : "grab";
    view.draw();
  }
  view.on.hover?.(hit, px, py);
}

import { folded, icon } from "./draw.js";
import { NetworkView } from "./network.js";
import { $, cards, el } from "./panel.js";
import { canvasContext, framed, svgContext } from "./picture.js";

const HOPS = [1, 2, 3];
const FOUND = 12; // names that a search offers
const GROUPS = 7; // communities with a colour of their own

/** The data of the page, unpacked where they are compressed. */
async function read() {
  const held = $("data");
  if (!held.dataset.packed) return JSON.parse(held.textContent);
  const bytes = Uint8Array.from(atob(held.textContent), (char) => char.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(held.dataset.packed));
  return new Response(plain).json();
}

function start(data) {
  const { words, nodes, edges, types } = data;
  const [n, m] = [nodes.iri.length, edges.source.length];
  const number = new Intl.NumberFormat(data.lang);
  const count = (many) => number.format(many);
  const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const measure = Object.fromEntries(data.measures.map((one) => [one.name, one]));
  const strength = measure.strength?.values ?? new Array(n).fill(1);
  const around = Array.from({ length: n }, () => []);
  for (let e = 0; e < m; e++) {
    around[edges.source[e]].push(e);
    if (edges.target[e] !== edges.source[e]) around[edges.target[e]].push(e);
  }
  const strongest = Array.from({ length: n }, (_, i) => i).sort((a, b) => strength[b] - strength[a] || a - b);
  const keys = nodes.label.map((label, i) => folded(`${label}\n${nodes.other[i]}`));
  const years = edges.first.map((first, e) => [Number((first || edges.last[e]).slice(0, 4)), Number((edges.last[e] || first).slice(0, 4))]);
  const dated = years.flat().filter(Boolean);
  const span = dated.length ? [dated.reduce((a, b) => Math.min(a, b)), dated.reduce((a, b) => Math.max(a, b))] : null;
  const heaviest = edges.weight.reduce((a, b) => Math.max(a, b), 1);
  const groups = [];
  strongest.forEach((i) => (groups[nodes.group[i]] ??= []).push(i));

  const state = {
    types: new Set(types.keys()), group: 0, least: 1, from: span?.[0], to: span?.[1], undated: true, limit: data.most,
    hidden: new Set(), picked: null, hops: 1, tab: "nodes", sort: {}, rows: 200, undo: [], dark: matchMedia("(prefers-color-scheme: dark)").matches,
  };
  const seen = { nodes: new Uint8Array(n), edges: new Uint8Array(m), near: null };

  // -- theme -----------------------------------------------------------------------------------------------------------

  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const PARTS = ["paper", "ink", "soft", "edge", "strong", "faint", "accent"];
  const theme = () => Object.fromEntries(PARTS.map((part) => [part, style(part)]));
  /** Run something as if the page were light: pictures are for paper. */
  const onPaper = (make) => {
    const { theme: kept } = document.documentElement.dataset;
    const dark = state.dark;
    document.documentElement.dataset.theme = "light";
    state.dark = false;
    paint();
    try {
      return make(theme());
    } finally {
      document.documentElement.dataset.theme = kept;
      state.dark = dark;
      paint();
    }
  };
  const shade = (look) => (state.dark ? look.dark : look.colour);
  const groupColour = (group) => data.colours[group < GROUPS ? group - 1 : GROUPS - 1][Number(state.dark)];

  const network = {
    x: nodes.x, y: nodes.y, type: nodes.type, label: nodes.label, source: edges.source, target: edges.target,
    weight: edges.weight, directed: data.directed, radius: new Float32Array(n), looks: [], tint: null,
  };
  function paint() {
    network.looks = types.map((look) => ({ colour: shade(look), shape: look.shape }));
    network.tint = $("colour").value === "group" ? nodes.group.map(groupColour) : null;
  }
  function weigh() {
    const values = measure[$("size").value]?.values ?? strength;
    const most = values.reduce((a, b) => Math.max(a, b ?? 0), 0) || 1;
    const large = n > 600 ? 10 : 14;
    for (let i = 0; i < n; i++) network.radius[i] = 4 + large * Math.sqrt(Math.max(values[i] ?? 0, 0) / most);
  }

  // -- what is shown ---------------------------------------------------------------------------------------------------

  const filtered = () => state.least > 1 || (span && (state.from > span[0] || state.to < span[1])) || !state.undated;
  const counts = (e) => {
    const [from, to] = years[e];
    return edges.weight[e] >= state.least && (from ? to >= state.from && from <= state.to : state.undated);
  };
  function select() {
    const chosen = new Uint8Array(n);
    const open = (i) => !state.hidden.has(i) && state.types.has(nodes.type[i]) && (!state.group || nodes.group[i] === state.group);
    let [kept, open_] = [0, 0];
    for (const i of strongest) {
      if (!open(i)) continue;
      open_ += 1;
      if (kept < state.limit) kept += chosen[i] = 1;
    }
    const joined = new Uint8Array(n);
    seen.edges.fill(0);
    for (let e = 0; e < m; e++) {
      const [one, other] = [edges.source[e], edges.target[e]];
      if (chosen[one] && chosen[other] && counts(e)) seen.edges[e] = joined[one] = joined[other] = 1;
    }
    // Under a filter of edges, nodes that it leaves alone go.
    seen.nodes = filtered() ? joined : chosen;
    seen.cut = open_ - kept;
    seen.near = near();
  }
  function near() {
    if (state.picked?.node === undefined && state.picked?.edge === undefined) return null;
    const mask = new Uint8Array(n);
    let rim = state.picked.node !== undefined ? [state.picked.node] : [edges.source[state.picked.edge], edges.target[state.picked.edge]];
    rim.forEach((i) => (mask[i] = 1));
    for (let hop = 0; hop < (state.picked.node !== undefined ? state.hops : 0); hop++) {
      const next = [];
      for (const i of rim)
        for (const e of around[i]) {
          const other = edges.source[e] === i ? edges.target[e] : edges.source[e];
          if (seen.edges[e] && !mask[other]) next.push(other), (mask[other] = 1);
        }
      rim = next;
    }
    return mask;
  }
  function refresh() {
    select();
    view.show(seen.nodes, seen.edges);
    view.focus(seen.near);
    view.pick(state.picked);
    tell();
    panel();
  }

  const shownNodes = () => strongest.filter((i) => seen.nodes[i] && (!seen.near || seen.near[i]));
  const shownEdges = () => {
    const held = [];
    for (let e = 0; e < m; e++) if (seen.edges[e] && (!seen.near || (seen.near[edges.source[e]] && seen.near[edges.target[e]]))) held.push(e);
    return held;
  };
  const total = (mask) => mask.reduce((sum, one) => sum + one, 0);
  function tell() {
    const shown = total(seen.nodes);
    const values = { nodes: count(shown), of: count(n), edges: count(total(seen.edges)), all: count(m) };
    $("status").textContent = n === 0 ? words.empty : say(shown === n && values.edges === values.all ? "showing_all" : "showing", values);
    $("all").hidden = seen.cut <= 0 && state.limit <= data.most;
    if (n <= data.most) $("all").hidden = true;
    $("all").textContent = state.limit > data.most ? say("show_some", { n: count(data.most) }) : say("show_all", { n: count(n) });
    $("undo").disabled = !state.undo.length;
    $("hops").hidden = state.picked?.node === undefined;
    for (const button of $("hops").children) button.setAttribute("aria-pressed", String(Number(button.dataset.hops) === state.hops));
  }

  // -- doing -----------------------------------------------------------------------------------------------------------

  function pickNode(i, look = false) {
    if (!seen.nodes[i]) open(i);
    state.picked = { node: i };
    state.tab = "card";
    refresh();
    if (look) view.centre(i);
  }
  /** Make a node visible that a filter hides. */
  function open(i) {
    state.hidden.delete(i);
    state.types.add(nodes.type[i]);
    if (state.group && state.group !== nodes.group[i]) state.group = 0;
    if (strongest.indexOf(i) >= state.limit) state.limit = Infinity;
    select();
    if (!seen.nodes[i]) clear();
    controls();
  }
  function pickEdge(e) {
    state.picked = { edge: e };
    state.tab = "card";
    refresh();
  }
  function drop() {
    if (!state.picked) return;
    state.picked = null;
    state.tab = "nodes";
    refresh();
  }
  function hop(hops) {
    state.hops = hops;
    refresh();
  }
  function hide(i) {
    state.hidden.add(i);
    state.undo.push(() => state.hidden.delete(i));
    if (state.picked) state.picked = null;
    state.tab = "nodes";
    refresh();
  }
  function undo() {
    state.undo.pop()?.();
    refresh();
  }
  function clear() {
    Object.assign(state, { types: new Set(types.keys()), group: 0, least: 1, from: span?.[0], to: span?.[1], undated: true });
    state.hidden.clear();
  }
  function step(by) {
    const order = shownNodes();
    const all = seen.near ? strongest.filter((i) => seen.nodes[i]) : order;
    if (!all.length) return;
    const at = all.indexOf(state.picked?.node ?? -1);
    pickNode(all[(at + by + all.length + (at < 0 && by < 0 ? 1 : 0)) % all.length], true);
  }

  // -- the panel -------------------------------------------------------------------------------------------------------

  // What the panel needs of the page; `act` is all that a click in it can do.
  const page = {
    data, state, words, network, seen, measure, around, say, count, shade, shownNodes, shownEdges,
    act: { pickNode, pickEdge, hide, panel, centre: (i) => view.centre(i) },
  };
  const { nodeCard, edgeCard, table, mark, name, value } = cards(page);

  function panel() {
    const card = state.tab === "card";
    for (const tab of ["card", "nodes", "edges"]) {
      $(`tab-${tab}`).setAttribute("aria-selected", String(state.tab === tab));
      $(`tab-${tab}`).tabIndex = state.tab === tab ? 0 : -1;
    }
    $("card").hidden = !card;
    $("table").hidden = card;
    $("table").setAttribute("aria-labelledby", `tab-${state.tab}`);
    if (!card) $("table").replaceChildren(table(state.tab));
    else if (state.picked?.node !== undefined) $("card").replaceChildren(...nodeCard(state.picked.node));
    else if (state.picked) $("card").replaceChildren(...edgeCard(state.picked.edge));
    else $("card").replaceChildren(el("p", { class: "soft" }, words.nothing));
    (card ? $("card") : $("table")).scrollTop = 0;
  }

  // -- controls --------------------------------------------------------------------------------------------------------

  const option = (value, label, chosen) => el("option", { value, selected: value === chosen }, label);
  const number_of = (of) => types.map((_, type) => of.reduce((sum, one) => sum + (one === type), 0));
  const many = number_of(nodes.type);
  function build() {
    types.forEach((type, at) => {
      const box = el("input", { type: "checkbox", checked: true, onchange: (event) => (state.types[event.target.checked ? "add" : "delete"](at), refresh()) });
      $("types").append(el("label", {}, box, el("span", { class: "icon" }), el("span", { class: "name" }, type.label), el("span", { class: "soft" }, count(many[at]))));
    });
    $("colour").append(option("type", words.type, "type"), option("group", words.group));
    $("size").append(...["strength", "degree", "betweenness", "closeness", "pagerank", "core"].filter((one) => measure[one]).map((one) => option(one, measure[one].title, "strength")));
    $("group").append(option("0", words.all_groups, "0"), ...groups.map((held, group) => held && option(String(group), `${group}: ${nodes.label[held[0]]} (${count(held.length)})`)).filter(Boolean));
    $("least").max = String(heaviest);
    if (heaviest === 1) $("least").disabled = true;
    if (span) slider();
    else $("time").append(el("span", { class: "soft" }, words.no_dates));
    $("hops").append(el("span", {}, words.hops), ...HOPS.map((hops) => el("button", { "data-hops": hops, title: `${hops}`, onclick: () => hop(hops) }, String(hops))));
    const quoted = data.quotes.text.length;
    const times = span ? ` · ${span[0] === span[1] ? span[0] : `${span[0]}–${span[1]}`}` : "";
    const source = data.proven ? say("source", { sentences: count(quoted), articles: count(data.articles.title.length) }) : "";
    data.line = `${say("counts", { nodes: count(n), edges: count(m) })}${times} · ${words.width}: ${data.weight}`;
    data.source = [source, ...data.notes, say("made", { version: data.version })].filter(Boolean).join(" ");
    $("about").textContent = data.line;
    $("notes").replaceChildren(el("h3", {}, words.about), ...[source, ...data.notes, words.proof, say("made", { version: data.version })].filter(Boolean).map((note) => el("p", {}, note)),
      el("dl", { class: "measures" }, ...data.whole.flatMap((one) => [el("dt", {}, one.title, " ", el("b", {}, value(one.value))), el("dd", {}, one.definition)])));
    const rows = words.key_list.split("\n").map((line) => line.split(" = "));
    $("keys").append(el("h2", {}, words.keys), el("dl", {}, ...rows.flatMap(([key, told]) => [el("dt", {}, ...key.split(" ").map((one) => el("kbd", {}, one))), el("dd", {}, told)])), el("form", { method: "dialog" }, el("button", {}, words.close)));
  }
  function icons() {
    [...$("types").querySelectorAll(".icon")].forEach((place, at) => place.replaceChildren(icon(types[at].shape, network.tint ? style("soft") : shade(types[at]))));
  }
  function slider() {
    const held = new Array(span[1] - span[0] + 1).fill(0);
    years.forEach(([from, to]) => { for (let year = from; from && year <= to; year++) held[year - span[0]] += 1; });
    const most = Math.max(...held);
    const bars = el("div", { class: "bars", "aria-hidden": "true" }, held.map((many_, at) => {
      const bar = el("i", { title: `${span[0] + at}: ${count(many_)}` });
      bar.style.height = `${(100 * many_) / most}%`;
      return bar;
    }));
    const range = (id, label) => el("input", { type: "range", id, min: span[0], max: span[1], step: 1, value: state[id], "aria-label": label, oninput: (event) => {
      const year = Number(event.target.value);
      state[id] = id === "from" ? Math.min(year, state.to) : Math.max(year, state.from);
      controls();
      refresh();
    } });
    const undated = years.some(([from]) => !from);
    $("time").append(el("span", { class: "label" }, words.time, " ", el("output", { id: "time-is" })), bars, el("div", { class: "two" }, range("from", words.since), range("to", words.until)),
      undated ? el("label", {}, el("input", { type: "checkbox", id: "undated", checked: true, onchange: (event) => ((state.undated = event.target.checked), refresh()) }), words.with_undated) : "");
    if (span[0] === span[1]) $("time").querySelectorAll("input[type=range]").forEach((input) => (input.disabled = true));
  }
  /** The controls show the state. */
  function controls() {
    [...$("types").querySelectorAll("input")].forEach((box, at) => (box.checked = state.types.has(at)));
    $("group").value = String(state.group);
    $("least").value = String(state.least);
    $("least-is").textContent = count(state.least);
    if (!span) return;
    $("from").value = String(state.from);
    $("to").value = String(state.to);
    $("from").style.zIndex = state.from === span[1] ? 3 : "";
    $("time-is").textContent = state.from === state.to ? String(state.from) : `${state.from}–${state.to}`;
    [...$("time").querySelectorAll("i")].forEach((bar, at) => bar.classList.toggle("out", span[0] + at < state.from || span[0] + at > state.to));
    if ($("undated")) $("undated").checked = state.undated;
  }

  // -- search ----------------------------------------------------------------------------------------------------------

  function search() {
    const input = $("search");
    let held = [];
    let at = -1;
    const close = () => {
      $("found").hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const choose = (i) => {
      close();
      input.value = "";
      pickNode(i, true);
      view.canvas.focus({ preventScroll: true });
    };
    const mark_ = () => {
      [...$("found").children].forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
      if (at >= 0) input.setAttribute("aria-activedescendant", `found-${at}`);
    };
    input.addEventListener("input", () => {
      const asked = folded(input.value).split(/\s+/).filter(Boolean);
      held = asked.length ? strongest.filter((i) => asked.every((word) => keys[i].includes(word))) : [];
      const begins = (i) => Number(!keys[i].split("\n").some((key) => key.startsWith(asked[0])));
      held = held.sort((a, b) => begins(a) - begins(b)).slice(0, FOUND);
      at = held.length ? 0 : -1;
      $("found").replaceChildren(...held.map((i, place) =>
        el("li", { role: "option", id: `found-${place}`, onpointerdown: (event) => (event.preventDefault(), choose(i)) }, mark(i), " ", name(i), nodes.other[i] && el("small", { dir: "auto" }, nodes.other[i]))));
      if (asked.length && !held.length) $("found").append(el("li", { class: "soft" }, words.not_found));
      $("found").hidden = !asked.length;
      input.setAttribute("aria-expanded", String(asked.length > 0));
      mark_();
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        at = held.length ? (at + (event.key === "ArrowDown" ? 1 : -1) + held.length) % held.length : -1;
        mark_();
      } else if (event.key === "Enter" && held[at] !== undefined) choose(held[at]);
      else if (event.key === "Escape") {
        input.value = "";
        close();
        view.canvas.focus({ preventScroll: true });
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
    input.addEventListener("blur", close);
  }

  // -- files -----------------------------------------------------------------------------------------------------------

  function download(blob, suffix) {
    const link = el("a", { href: URL.createObjectURL(blob), download: `${data.name}${suffix}` });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 30000);
  }
  function legend() {
    const shown = new Set(nodes.type.filter((_, i) => seen.nodes[i]));
    const held = types.map((type, at) => ({ label: type.label, colour: network.tint ? style("soft") : shade(type), shape: type.shape, at })).filter(({ at }) => shown.has(at));
    if (!network.tint) return held;
    const present = [...new Set(nodes.group.filter((_, i) => seen.nodes[i]))].sort((a, b) => a - b).slice(0, GROUPS);
    return [...held, ...present.map((group) => ({ label: `${words.group} ${group}${group === GROUPS ? "+" : ""}`, colour: groupColour(group), shape: "circle" }))];
  }
  function told() {
    const shown = $("status").textContent;
    const time = filtered() && span ? ` ${state.from}–${state.to}; ${words.least}: ${count(state.least)}.` : "";
    return { title: data.title, about: data.line, legend: legend(), source: `${shown}${time} ${data.source}` };
  }
  const png = () => onPaper((light) => framed(view, told(), light, (w, h) => canvasContext(w, h, 2)).canvas.toBlob((blob) => download(blob, ".png"), "image/png"));
  const svg = () => download(new Blob([onPaper((light) => framed(view, told(), light, (w, h) => svgContext(view, w, h)).text())], { type: "image/svg+xml" }), ".svg");
  function positions() {
    const round = (axis) => Math.round(axis * 10000) / 10000;
    const held = Object.fromEntries(nodes.iri.map((iri, i) => [iri, [round(view.x[i]), round(view.y[i])]]));
    download(new Blob([JSON.stringify({ network: data.name, positions: held }, null, 1) + "\n"], { type: "application/json" }), ".positions.json");
  }

  // -- start -----------------------------------------------------------------------------------------------------------

  document.documentElement.dataset.theme = state.dark ? "dark" : "light";
  build();
  paint();
  weigh();
  icons();
  controls();
  select();
  const view = new NetworkView($("canvas"), network, theme(), {
    node: (i) => pickNode(i), edge: pickEdge, nothing: drop,
    moved: (i, from) => {
      state.undo.push(() => view.moveNode(i, ...from));
      tell();
    },
    hover: (hit, px, py) => {
      $("tip").hidden = hit?.edge === undefined;
      if ($("tip").hidden) return;
      const e = hit.edge;
      $("tip").textContent = `${nodes.label[edges.source[e]]} ${data.directed ? "→" : "–"} ${nodes.label[edges.target[e]]}: ${count(edges.weight[e])} ${data.weight}`;
      $("tip").style.left = `${Math.min(px + 14, view.width - 240)}px`;
      $("tip").style.top = `${py + 14}px`;
    },
  });
  const themed = (dark) => {
    state.dark = dark;
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    paint();
    icons();
    view.paintWith(theme());
    panel();
  };
  let chosen = false;
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => chosen || themed(event.matches));
  const clicks = {
    undo, png, svg, save: positions, theme: () => ((chosen = true), themed(!state.dark)), help: () => $("keys").showModal(),
    in: () => view.zoom(1.4), out: () => view.zoom(1 / 1.4), fit: () => view.fit(seen.nodes),
    reset: () => (clear(), controls(), refresh()), all: () => ((state.limit = state.limit > data.most ? data.most : Infinity), refresh(), view.fit(seen.nodes)),
    "tab-card": () => ((state.tab = "card"), panel()), "tab-nodes": () => ((state.tab = "nodes"), panel()), "tab-edges": () => ((state.tab = "edges"), panel()),
  };
  for (const [id, act] of Object.entries(clicks)) $(id).addEventListener("click", act);
  $("least").addEventListener("input", (event) => ((state.least = Number(event.target.value)), controls(), refresh()));
  $("group").addEventListener("change", (event) => ((state.group = Number(event.target.value)), refresh()));
  $("size").addEventListener("change", () => (weigh(), view.weigh(), view.stale()));
  $("colour").addEventListener("change", () => (paint(), icons(), view.stale(), panel()));
  document.querySelector("[role=tablist]").addEventListener("keydown", (event) => {
    const tabs = ["card", "nodes", "edges"];
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    state.tab = tabs[(tabs.indexOf(state.tab) + by + 3) % 3];
    panel();
    $(`tab-${state.tab}`).focus();
    event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input:not([type=checkbox]), select, textarea, dialog");
    if (event.altKey || event.metaKey || (event.ctrlKey && event.key.toLowerCase() !== "z") || (typing && event.key !== "Escape")) return;
    const onCanvas = !event.target.closest?.("#panel, #filters"); // those scroll by the same keys
    const pan = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (event.ctrlKey) undo();
    else if (pan && onCanvas) view.pan(...pan);
    else if (event.key === "+" || event.key === "=") view.zoom(1.25);
    else if (event.key === "-") view.zoom(1 / 1.25);
    else if (["1", "2", "3"].includes(event.key)) hop(Number(event.key));
    else if (event.key.toLowerCase() === "f") view.fit(seen.nodes);
    else if (event.key.toLowerCase() === "n") step(1);
    else if (event.key.toLowerCase() === "p") step(-1);
    else if (event.key.toLowerCase() === "h" && state.picked?.node !== undefined) hide(state.picked.node);
    else if (event.key.toLowerCase() === "u") undo();
    else if (event.key === "/") $("search").focus();
    else if (event.key === "?") $("keys").showModal();
    else if (event.key === "Escape" && !typing) drop();
    else return;
    event.preventDefault();
  });
  search();
  if (matchMedia("(max-width: 800px)").matches) $("filters").open = false;
  refresh();
  view.fit(seen.nodes);
  document.documentElement.dataset.ready = "yes";
  return view;
}

read().then(start).catch((error) => {
  $("status").textContent = String(error);
  throw error;
});

import { icon } from "./draw.js";

const ROWS = 200; // of a table, before one asks for more

export const $ = (id) => document.getElementById(id);

/** An element: attributes by name, `on…` for listeners; texts are texts, never markup. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** What stands in the panel beside the drawing: cards of nodes and edges, and tables. See `page` in page.js. */
export function cards(page) {
  const { data, state, words, network, seen, measure, around, say, count, act } = page;
  const { nodes, edges, types } = data;

  const name = (i) => el("bdi", {}, nodes.label[i] || data.nodes.iri[i]);
  const mark = (i) => icon(types[nodes.type[i]].shape, network.tint ? network.tint[i] : page.shade(types[nodes.type[i]]));
  const nodeButton = (i) => el("button", { class: "link", onclick: () => act.pickNode(i, true) }, mark(i), " ", name(i));
  const dates = (e) => (edges.first[e] === edges.last[e] || !edges.last[e] ? edges.first[e] : `${edges.first[e] || "…"} – ${edges.last[e]}`);
  const value = (one) => (one === null ? "–" : new Intl.NumberFormat(data.lang, { maximumSignificantDigits: 4 }).format(one));
  const proofs = (e) => [...new Set(edges.facts[e].flatMap((fact) => data.facts[fact]))];

  function nodeCard(i) {
    const rows = [
      [words.type, types[nodes.type[i]].label],
      [words.country, nodes.country[i] >= 0 ? data.names[nodes.country[i]] : ""],
      [words.parent, nodes.parent[i] >= 0 ? data.names[nodes.parent[i]] : ""],
      ["IRI", nodes.iri[i]],
    ].filter(([, told]) => told);
    const held = around[i].filter((e) => seen.edges[e]).sort((a, b) => edges.weight[b] - edges.weight[a] || a - b);
    const other = (e) => (edges.source[e] === i ? edges.target[e] : edges.source[e]);
    const sign = (e) => (!data.directed ? "" : edges.source[e] === i ? "→ " : "← ");
    return [
      el("h2", {}, mark(i), " ", name(i)),
      nodes.other[i] && el("p", { class: "other", lang: data.lang === "en" ? "id" : "en", dir: "auto" }, nodes.other[i]),
      el("dl", {}, ...rows.flatMap(([term, told]) => [el("dt", {}, term), el("dd", { dir: "auto" }, told)])),
      el("p", { class: "acts" }, el("button", { onclick: () => act.centre(i) }, words.centre), el("button", { onclick: () => act.hide(i), title: "H" }, words.hide)),
      el("h3", {}, say("edges_of", { n: held.length < around[i].length ? `${count(held.length)} / ${count(around[i].length)}` : count(held.length) })),
      el("ul", { class: "edges" }, held.slice(0, ROWS).map((e) =>
        el("li", {}, el("button", { class: "link", "data-edge": e, onclick: () => act.pickEdge(e) }, sign(e), mark(other(e)), " ", name(other(e))), el("span", { class: "soft" }, `${count(edges.weight[e])} · ${dates(e) || words.undated}`)),
      )),
      held.length > ROWS && el("p", { class: "soft" }, say("more", { n: count(held.length - ROWS) })),
      el("h3", {}, words.measures),
      el("dl", { class: "measures" }, ...data.measures.flatMap((one) => [
        el("dt", {}, one.title, " ", el("b", {}, value(one.values[i]))), el("dd", {}, one.definition),
      ]), el("dt", {}, words.group, " ", el("b", {}, count(nodes.group[i]))), el("dd", {}, data.group)),
      el("p", { class: "soft" }, words.whole),
    ].filter(Boolean);
  }

  function edgeCard(e) {
    const quotes = proofs(e);
    const sides = [nodeButton(edges.source[e]), el("span", { class: "soft" }, data.directed ? "→" : "–"), nodeButton(edges.target[e])];
    return [
      el("h2", { class: "sides" }, sides),
      el("p", { class: "weight" }, el("b", {}, count(edges.weight[e])), ` ${data.weight}`, el("span", { class: "soft" }, ` · ${dates(e) || words.undated}`)),
      el("p", { class: "soft" }, data.kinds[edges.kinds[e]].join("; ")),
      ...(quotes.length ? told(e) : [el("h3", {}, words.no_sentences), shared(e)]),
    ].filter(Boolean);
  }
  const shared = (e) => el("ul", { class: "plain" }, edges.shared[e].map((thing) => el("li", { dir: "auto" }, data.names[thing])));
  /** The sentences, under what the two have in common where that is what joins them. */
  function told(e) {
    const left = new Set(proofs(e));
    const groups = edges.shared[e].map((thing) => {
      const held = new Set(edges.facts[e].filter((fact) => data.about[fact].includes(thing)).flatMap((fact) => data.facts[fact]));
      held.forEach((q) => left.delete(q));
      return [data.names[thing], [...held]];
    });
    const list = (held) => held.sort((a, b) => data.quotes.article[a] - data.quotes.article[b] || a - b).map(quotation);
    const head = el("h3", {}, say("sentences", { n: count(proofs(e).length) }));
    return [head, ...groups.map(([title, held]) => el("section", {}, el("h4", { dir: "auto" }, title), list(held))), ...list([...left])];
  }
  function quotation(q) {
    const [text, marks] = [data.quotes.text[q], data.quotes.marks[q]];
    const parts = [];
    let last = 0;
    for (let at = 0; at < marks.length; at += 2) {
      parts.push(text.slice(last, marks[at]), el("mark", {}, text.slice(marks[at], marks[at + 1])));
      last = marks[at + 1];
    }
    parts.push(text.slice(last));
    const article = data.quotes.article[q];
    const [title, url, publisher, date] = ["title", "url", "publisher", "date"].map((column) => data.articles[column][article]);
    const page = data.quotes.page[q] ? say("page", { n: count(data.quotes.page[q]) }) : "";
    return el("figure", {},
      el("blockquote", { dir: "auto", cite: url || undefined }, parts),
      el("figcaption", {},
        url ? el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, el("bdi", {}, title)) : el("bdi", {}, title),
        el("span", { class: "soft" }, [publisher, date, page].filter(Boolean).map((told) => ` · ${told}`).join("")),
      ),
    );
  }

  // -- tables ----------------------------------------------------------------------------------------------------------

  const COLUMNS = {
    nodes: [
      [words.name, (i) => nodes.label[i], (i) => [nodeButton(i), el("small", { class: "soft" }, types[nodes.type[i]].label)]],
      ...["strength", "degree", "betweenness"].filter((one) => measure[one]).map((one) => [measure[one].title, (i) => measure[one].values[i] ?? -1, (i) => value(measure[one].values[i]), measure[one].definition]),
    ],
    edges: [
      [words.edge, (e) => nodes.label[edges.source[e]], (e) => [edges.source[e], edges.target[e]].map((i, end) => el("span", { class: "end" }, end ? (data.directed ? "→ " : "– ") : "", nodeButton(i)))],
      [words.weight, (e) => edges.weight[e], (e) => count(edges.weight[e]), data.weight],
      [words.time, (e) => edges.first[e] || edges.last[e], (e) => [...new Set([edges.first[e], edges.last[e]])].filter(Boolean).map((date) => el("span", { class: "date" }, date))],
      [words.sentences_short, (e) => proofs(e).length, (e) => el("button", { class: "link proof", "data-edge": e, onclick: () => act.pickEdge(e), title: words.proofs }, count(proofs(e).length))],
    ],
  };
  const collator = new Intl.Collator(data.lang);
  const compare = (a, b) => (typeof a === "number" ? a - b : collator.compare(a, b));
  function table(kind) {
    const columns = COLUMNS[kind];
    const sort = (state.sort[kind] ??= { at: 1, down: true });
    const key = columns[sort.at][1];
    const rows = (kind === "nodes" ? page.shownNodes() : page.shownEdges()).map((row) => [key(row), row]);
    rows.sort((a, b) => (sort.down ? -1 : 1) * compare(a[0], b[0]) || a[1] - b[1]);
    const by = (at) => () => {
      state.sort[kind] = { at, down: sort.at === at ? !sort.down : typeof columns[at][1](rows[0]?.[1] ?? 0) === "number" };
      act.panel();
      $("table").querySelectorAll("th button")[at].focus();
    };
    const heads = columns.map(([title, of, , about], at) =>
      el("th", { scope: "col", "aria-sort": sort.at === at ? (sort.down ? "descending" : "ascending") : "none", title: about, class: rows.length && typeof of(rows[0][1]) === "number" && "number" },
        el("button", { onclick: by(at) }, title, el("span", { "aria-hidden": "true" }, sort.at === at ? (sort.down ? " ↓" : " ↑") : ""))));
    const body = rows.slice(0, state.rows).map(([, row]) =>
      el("tr", { "data-row": row, "aria-current": kind === "nodes" && state.picked?.node === row && "true" },
        columns.map(([, of, show]) => el("td", { class: typeof of(row) === "number" && "number" }, ...[show ? show(row) : of(row)].flat()))));
    const caption = say(kind === "nodes" ? "nodes_shown" : "edges_shown", { n: count(rows.length) });
    return el("div", {},
      el("table", {}, el("caption", {}, caption), el("thead", {}, el("tr", {}, heads)), el("tbody", {}, body)),
      rows.length > state.rows && el("button", { class: "more", onclick: () => ((state.rows += 1000), act.panel()) }, say("more", { n: count(rows.length - state.rows) })));
  }
  return { nodeCard, edgeCard, table, mark, name, value };
}

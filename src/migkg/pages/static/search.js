/* Finds names in the index (index.js) of a static site; works from a folder too. Without it, the lists from A to Z serve. */
(function () {
  "use strict";
  var SHOWN = 60;
  var LETTERS = { "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "þ": "th" };
  var form = document.querySelector("main form.search");
  var input = form && form.querySelector("input[type=search]");
  var list = document.getElementById("found");
  var status = document.getElementById("status");
  var index = window.migkgIndex;
  if (!input || !list || !status || !index) return;
  var lang = document.documentElement.lang === "id" ? 1 : 0;

  function fold(text) {
    return text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "")
      .replace(/[ßæœøłđðıþ]/g, function (letter) { return LETTERS[letter]; });
  }
  function words(text) { return fold(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean); }

  /* Of each thing: [path, label, label in the other language or 0, kind, facts, other names]. */
  var things = index.things.map(function (one) {
    var names = [one[1]].concat(one[2] || [], one[5]);
    return {
      path: one[0], label: lang && one[2] ? one[2] : one[1], kind: index.kinds[one[3]][lang], facts: one[4],
      names: names.map(function (name) { var found = words(name); return { name: name, words: found, text: found.join(" ") }; })
    };
  });

  /* How near a name is: 0 the same, 1 begins so, 2 has the words, 3 has words that begin so; null for not at all. */
  function distance(name, wanted, text) {
    if (name.text === text) return 0;
    if (name.text.slice(0, text.length) === text) return 1;
    var whole = true;
    for (var i = 0; i < wanted.length; i++) {
      var begun = false, same = false;
      for (var j = 0; j < name.words.length && !same; j++) {
        same = name.words[j] === wanted[i];
        begun = begun || same || name.words[j].indexOf(wanted[i]) === 0;
      }
      if (!begun) return null;
      whole = whole && same;
    }
    return whole ? 2 : 3;
  }

  function find(text) {
    var wanted = words(text), joined = wanted.join(" "), found = [];
    if (!wanted.length) return null;
    things.forEach(function (thing) {
      var best = null, by = null;
      thing.names.forEach(function (name) {
        var far = distance(name, wanted, joined);
        if (far !== null && (best === null || far < best)) { best = far; by = name.name; }
      });
      if (best !== null) found.push({ thing: thing, far: best, by: by });
    });
    return found.sort(function (a, b) {
      return a.far - b.far || b.thing.facts - a.thing.facts || (a.thing.label < b.thing.label ? -1 : a.thing.label > b.thing.label ? 1 : 0);
    });
  }

  function address(path) {
    var hash = path.indexOf("#"), part = hash < 0 ? "" : path.slice(hash), page = hash < 0 ? path : path.slice(0, hash);
    return page + (lang ? ".id.html" : ".html") + part;
  }

  function show() {
    var found = find(input.value);
    list.textContent = "";
    status.textContent = "";
    if (!found) return;
    var told = status.dataset, number = found.length;
    status.textContent = !number ? told.none : number === 1 ? told.one : number > SHOWN
      ? told.cut.replace("{number}", number).replace("{shown}", SHOWN) : told.many.replace("{number}", number);
    found.slice(0, SHOWN).forEach(function (one) {
      var item = document.createElement("li"), link = document.createElement("a"), kind = document.createElement("span");
      link.href = address(one.thing.path);
      link.textContent = one.thing.label;
      kind.className = "by";
      kind.textContent = one.thing.kind + (one.by === one.thing.label ? "" : " · " + one.by);
      item.append(link, " ", kind);
      list.append(item);
    });
  }

  function keep() {
    try { history.replaceState(null, "", input.value ? "?q=" + encodeURIComponent(input.value) : location.pathname); } catch (error) { /* not in a folder */ }
  }
  var asked = new URLSearchParams(location.search).get("q");
  if (asked) input.value = asked;
  input.addEventListener("input", show);
  form.addEventListener("submit", function (event) { event.preventDefault(); show(); keep(); });
  show();
})();

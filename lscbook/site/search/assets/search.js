/* Search over terms, findings, papers and pages: the build's index (search-index.js), synonyms from the vocabulary. */
(function () {
  "use strict";
  const { document } = window;
  const root = document.getElementById("search-page");
  if (!root) return;
  const { fold, squeeze, words, forms, load, element: h } = window.lscTools;
  const base = document.currentScript.src.replace(/[^/]*$/, "");
  const up = document.documentElement.dataset.content_root || "./";
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const form = root.querySelector("form");
  const input = form.elements.q;
  const FIRST = 10;
  const DIRECTIONS = {
    supports: "● supports", does_not_support: "○ against", inconclusive: "◐ inconclusive", context: "· context",
  };
  const MORE = 50;
  const KINDS = { targets: "target", markers: "marker", genes: "gene", lesions: "lesion", therapies: "therapy", mechanisms: "mechanism", diseases: "disease" };
  const STOP = new Set("a an and are as at by for from in is of on or the to with".split(" "));

  let index; // of the build, once it is asked
  let names; // squeezed name -> terms, as kind:id
  const title = (term) => term.slice(term.indexOf(":") + 1);

  /* The theme's scroll spy takes every link with a # that is there at the load for a place on this page, and throws. */
  const settled = new Promise((done) => {
    if (document.readyState === "complete") done();
    else window.addEventListener("load", () => setTimeout(done));
  });

  let loading;
  function ready() {
    loading ||= Promise.all([settled, ...["names-data.js", "search-data.js"].map((name) => load(base, name))]).then(open, (error) => {
      loading = null; // asked again, it is tried again
      throw error;
    });
    return loading;
  }

  function open() {
    names = new Map();
    for (const [kind, ids] of Object.entries(window.lscNames))
      for (const [id, of] of Object.entries(ids))
        for (const form of new Set([id, ...of.slice(1)].map((name) => squeeze(fold(name)))))
          names.set(form, [...(names.get(form) || []), `${kind}:${id}`]);
    index = window.lscSearchIndex(base, window.lscSearch, names);
  }

  /* What is shown of a document, from the cells that index.py wrote. */
  const READ = {
    entities: ([kind, id, about, n]) => ({ title: id, about, kind, n, href: window.lscNames[kind][id][0] }),
    findings: ([text, direction, level, source, , href]) => ({ text, direction, level, source, href }),
    papers: ([name, cite, journal, pmid, doi, n, href]) => ({
      title: name, source: `${cite} ${journal}`, ids: [pmid, doi].filter(Boolean), n,
      href: href || (pmid ? `https://pubmed.ncbi.nlm.nih.gov/${pmid}/` : `https://doi.org/${doi}`),
    }),
    sections: ([page, heading, href, text]) => ({ title: heading, page, text, href }),
  };
  const documents = async (name, places) => (await index.cells(name, places)).map(READ[name]);

  /* ---- ask ---- */

  /* The question in units: a word, or several words that together name terms of the vocabulary. */
  function units(question) {
    const asked = words(question).filter((word, _, all) => all.length === 1 || !STOP.has(word));
    const made = [];
    for (let at = 0; at < asked.length; ) {
      let length = Math.min(6, asked.length - at);
      while (length > 1 && !names.has(squeeze(asked.slice(at, at + length).join(" ")))) length--;
      const text = asked.slice(at, at + length).join(" ");
      made.push({ text, terms: names.get(squeeze(text)) || [] });
      at += length;
    }
    return made;
  }

  async function ask(question) {
    const whole = question.trim().toLowerCase().replace(/^(pmid:?\s*|https?:\/\/(dx\.)?doi\.org\/|doi:\s*)/, "");
    let found = /\d{4}/.test(whole) ? await index.numbered(whole) : null;
    if (found?.weights.size) return answer([{ text: whole, terms: [] }], found, true);
    const asked = await Promise.all(units(question).map(index.correct));
    if (!asked.length) return answer(asked, { weights: new Map(), by: new Set() }, true);
    found = await index.all(asked);
    if (found.weights.size || asked.length === 1) return answer(asked, found, true);
    return answer(asked, await index.any(asked), false);
  }

  const answer = (asked, found, all) => ({ asked, groups: index.ranked(found), all, marks: marksOf(asked, found.by) });

  /* Every word to be highlighted: those that matched, and the names of the terms that were meant. */
  function marksOf(asked, by) {
    const found = new Set([...by].filter((word) => !word.includes(":")));
    for (const unit of asked) for (const term of unit.terms) for (const name of namesOf(term)) found.add(squeeze(fold(name)));
    return found;
  }

  function namesOf(term) {
    const kind = term.slice(0, term.indexOf(":"));
    return [title(term), ...(window.lscNames[kind][title(term)] || []).slice(1)];
  }

  /* ---- show ---- */

  const GROUPS = {
    entities: ["Targets, markers, genes, therapies and other terms", entity],
    findings: ["Findings", finding],
    papers: ["Papers", paper],
    sections: ["Pages", section],
  };
  const WORDS = { entities: "term", findings: "finding", papers: "paper", sections: "section" };
  const count = (n) => n.toLocaleString("en-GB");
  const several = (n, word) => `${count(n)} ${word}${n === 1 ? "" : "s"}`;

  async function show(question, turn) {
    const { asked, groups, all, marks } = await ask(question);
    const filled = Object.keys(GROUPS).filter((name) => groups[name].length);
    const lists = await Promise.all(filled.map((name) => group(name, groups[name], marks, question)));
    if (turn !== latest) return;
    const counts = filled.map((name) => several(groups[name].length, WORDS[name]));
    part("status").textContent = counts.length
      ? `${counts.join(", ")} for “${question}”.`
      : `Nothing in the book for “${question}”. That is a gap of ours or a word of another spelling, and no proof.`;
    part("how").replaceChildren(...how(asked, all));
    part("results").replaceChildren(...lists);
  }

  /* What was searched beside the words as they stand. */
  function how(asked, all) {
    const lines = [];
    for (const unit of asked) {
      if (!unit.terms.length) continue;
      const ids = [...new Set(unit.terms.map(title))];
      const said = new Set([squeeze(unit.text), ...ids.map((id) => squeeze(fold(id)))]);
      const others = [...new Set(unit.terms.flatMap(namesOf))].filter((name) => {
        const form = squeeze(fold(name));
        return !said.has(form) && said.add(form);
      });
      const also = others.length ? ` under all names, also ${others.slice(0, 8).join(", ")}${others.length > 8 ? " …" : ""}` : "";
      if (unit.meant) lines.push(`Nothing is spelt “${unit.typed}”. Searched ${ids.join(" and ")}${also}.`);
      else if (also) lines.push(`Searched ${ids.join(" and ")}${also}.`);
    }
    if (!all) lines.push("Nothing has all of these words; these have some of them.");
    return lines.map((line) => h("p", { class: "how" }, line));
  }

  async function group(name, found, marks, question) {
    const [heading, draw] = GROUPS[name];
    const id = `found-${name}`;
    const items = async (from, to) => (await documents(name, found.slice(from, to))).map((item) => draw(item, marks));
    const list = h("ol", { class: name }, ...await items(0, FIRST));
    const made = h("section", { "aria-labelledby": id }, h("h2", { id }, heading, " ", h("small", {}, `(${count(found.length)})`)), list);
    if (found.length > FIRST) {
      const more = h("button", { type: "button" });
      const label = () => {
        const left = found.length - list.children.length;
        more.textContent = left > MORE ? `Show ${MORE} more of ${count(left)}` : `Show all ${count(found.length)}`;
      };
      label();
      more.addEventListener("click", async () => {
        const shown = list.children.length;
        const rest = await items(shown, shown + MORE).catch(failed);
        if (!rest || list.children.length !== shown) return;
        list.append(...rest);
        if (list.children.length < found.length) label();
        else more.remove();
        rest[0].querySelector("a").focus();
      });
      made.append(more);
    }
    if (name === "findings")
      made.append(h("p", {}, h("a", { href: `${up}book/evidence.html#${new URLSearchParams({ q: question })}` }, "Filter these words in the evidence browser")));
    return made;
  }

  const away = (href) => (/^https:/.test(href) ? href : up + href);

  function entity({ title: id, kind, n, about, href }, marks) {
    return h("li", {}, h("a", { href: away(href) }, ...marked(id, marks)), ` ${KINDS[kind]}`,
      h("p", { class: "about" }, ...(about && about !== id ? marked(about, marks) : []), about && about !== id ? " · " : "", n ? several(n, "finding") : "no finding yet"));
  }

  function finding({ text, direction, level, source, href }, marks) {
    return h("li", {}, h("span", { class: `direction ${direction}` }, DIRECTIONS[direction]), " ", ...marked(text, marks), " ",
      level && h("span", { class: `level level-${level}` }, level), " ", h("a", { href: away(href) }, source));
  }

  function paper({ title: name, source, ids, n, href }, marks) {
    return h("li", {}, h("a", { href: away(href) }, ...marked(name, marks)),
      h("p", { class: "about" }, `${source} · ${/^\d+$/.test(ids[0]) ? `PMID ${ids[0]}` : ids[0]} · ${n ? several(n, "finding") : "no finding curated; opens PubMed"}`));
  }

  function section({ page, title: heading, text, href }, marks) {
    return h("li", {}, h("a", { href: away(href) }, heading === page ? page : `${page} › ${heading}`), h("p", { class: "about" }, ...marked(snippet(text, marks), marks)));
  }

  const isMark = (word, marks) => forms(fold(word)).some((form) => marks.has(form)) || marks.has(squeeze(fold(word)));
  const WORD = /[\p{L}\p{N}][\p{L}\p{N}+\-−⁺⁻]*/gu;

  function marked(text, marks) {
    const made = [];
    let at = 0;
    for (const { 0: word, index: start } of text.matchAll(WORD)) {
      if (!isMark(word, marks)) continue;
      made.push(text.slice(at, start), h("mark", {}, word));
      at = start + word.length;
    }
    return [...made, text.slice(at)].filter((piece) => piece !== "");
  }

  /* About 240 characters around the first word that matched, cut between words. */
  function snippet(text, marks) {
    const hit = [...text.matchAll(WORD)].find(({ 0: word }) => isMark(word, marks));
    const from = hit ? Math.max(0, text.lastIndexOf(" ", Math.max(0, hit.index - 80))) : 0;
    const to = text.length - from > 240 ? text.lastIndexOf(" ", from + 240) : text.length;
    return `${from ? "… " : ""}${text.slice(from, to).trim()}${to < text.length ? " …" : ""}`;
  }

  /* ---- act ---- */

  let latest = 0;
  function search() {
    const question = input.value.trim();
    const turn = ++latest;
    if (!question) {
      for (const name of ["status", "how", "results"]) part(name).replaceChildren();
      return;
    }
    if (!index) part("status").textContent = "Loading the index …";
    ready().then(() => show(question, turn)).catch((error) => { if (turn === latest) failed(error); });
  }

  function failed(error) {
    part("status").textContent = `${error.message}. Reload the page to try again.`;
  }

  let typing;
  input.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(search, 150);
  });
  // the first key brings the index; a page that is only looked at stays light
  input.addEventListener("keydown", () => ready().catch(() => {}), { once: true });

  /* Arrow keys walk from the field through the results and back. */
  root.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target.closest("button")) return;
    const stops = [input, ...part("results").querySelectorAll("li a")];
    const next = stops[stops.indexOf(event.target) + step];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });

  form.action = location.href.split(/[?#]/)[0];
  form.hidden = false;
  input.value = new URLSearchParams(location.search).get("q") || "";
  if (input.value) search();
  else input.focus();
})();

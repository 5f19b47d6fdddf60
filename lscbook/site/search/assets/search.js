/* Search over terms, findings, papers and pages: MiniSearch in the reader's browser, synonyms from the vocabulary. */
(function () {
  "use strict";
  const { document } = window;
  const root = document.getElementById("search-page");
  if (!root) return;
  const { fold, squeeze, load, element: h } = window.lscTools;
  const base = document.currentScript.src.replace(/[^/]*$/, "");
  const up = document.documentElement.dataset.content_root || "./";
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const form = root.querySelector("form");
  const input = form.elements.q;
  const FIRST = 10;
  const DIRECTIONS = {
    supports: "● supports", does_not_support: "○ against", inconclusive: "◐ inconclusive", context: "· context",
  };
  const KINDS = { targets: "target", markers: "marker", genes: "gene", lesions: "lesion", therapies: "therapy", mechanisms: "mechanism", diseases: "disease" };
  const STOP = new Set("a an and are as at by for from in is of on or the to with".split(" "));

  let index; // MiniSearch
  let documents; // by id: group, cells, and the text that is shown
  let names; // squeezed name -> terms, as kind:id
  const title = (term) => term.slice(term.indexOf(":") + 1);

  /* ---- words ---- */

  const words = (text) =>
    fold(text).split(/[^\p{L}\p{N}+\-.^]+/u).map((word) => word.replace(/^[.^]+|[.^]+$/g, "")).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const pieces = (word) => word.split(/[-+]+/).filter(Boolean);
  /* CD-123 is indexed as cd123, cd and 123; CD34+CD38- also as it stands. */
  const forms = (word) => [...new Set([squeeze(word), ...pieces(word)])];
  const tokens = (text) => words(text).flatMap(forms);

  /* ---- index ---- */

  let loading;
  function ready() {
    loading ||= Promise.all(["vendor/minisearch.min.js", "names-data.js", "search-data.js"].map((name) => load(base, name))).then(build);
    return loading;
  }

  function build() {
    const data = window.lscSearch;
    const known = window.lscNames;
    names = new Map();
    for (const [kind, ids] of Object.entries(known))
      for (const [id, of] of Object.entries(ids))
        for (const form of new Set([id, ...of.slice(1)].map((name) => squeeze(fold(name)))))
          names.set(form, [...(names.get(form) || []), `${kind}:${id}`]);
    const terms = data.terms.map(([kind, id]) => `${kind}:${id}`);
    const listed = (numbers) => numbers.map((n) => terms[n]);
    documents = [
      ...data.entities.map(([kind, id, about, n]) => ({
        group: "entities", title: id, about, names: known[kind][id].slice(1), terms: [`${kind}:${id}`], kind, n, href: known[kind][id][0],
      })),
      ...data.findings.map(([claim, direction, level, cite, ids, href, numbers]) => ({
        group: "findings", text: claim, source: cite, direction, level, ids, href, terms: listed(numbers),
      })),
      ...data.papers.map(([name, cite, journal, pmid, doi, n, href, numbers]) => ({
        group: "papers", title: name, source: `${cite} ${journal}`, ids: [pmid, doi].filter(Boolean), n, terms: listed(numbers),
        href: href || (pmid ? `https://pubmed.ncbi.nlm.nih.gov/${pmid}/` : `https://doi.org/${doi}`),
      })),
      ...data.sections.map(([page, heading, href, text, numbers]) => ({
        group: "sections", title: heading, page, text, href, terms: listed(numbers),
      })),
    ].map((document, id) => ({ ...document, id }));
    index = new window.MiniSearch({
      fields: ["title", "names", "text", "source", "ids", "terms"],
      // terms and ids are whole, everything else is words
      tokenize: (text, field) => (field === "terms" || field === "ids" ? text.split("\n") : tokens(text)),
      processTerm: (token) => token,
      extractField: (document, field) => {
        const value = document[field];
        if (field === "ids" && value) return value.flatMap((id) => [id.toLowerCase(), ...tokens(id)]).join("\n");
        return Array.isArray(value) ? value.join("\n") : value;
      },
      searchOptions: { tokenize: (text) => [text], boost: { title: 3, names: 3, ids: 10, terms: 2 } },
    });
    return index.addAllAsync(documents, { chunkSize: 400 });
  }

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

  const EXACT = { fuzzy: false, prefix: false };
  const phrase = (text, options = EXACT) => ({
    combineWith: "OR",
    queries: [
      { ...options, queries: [squeeze(text)] },
      ...(words(text).flatMap(pieces).length > 1 ? [{ ...EXACT, combineWith: "AND", queries: words(text).flatMap(pieces) }] : []),
    ],
  });

  /* A unit as a query: its terms under any name, else its word, forgiving where letters alone allow it. */
  function query(unit) {
    const loose = unit.terms.length === 0 && !/\d/.test(unit.text);
    const options = loose ? { prefix: unit.text.length > 2, fuzzy: unit.text.length > 4 ? 0.2 : false } : EXACT;
    return {
      combineWith: "OR",
      queries: [phrase(unit.text, options), ...unit.terms.map((term) => ({ ...EXACT, fields: ["terms"], queries: [term] }))],
    };
  }

  /* A word that stands nowhere, and the name of a term that is spelt nearly so. */
  function correct(unit) {
    if (unit.terms.length || /\d/.test(unit.text) || unit.text.length < 5) return unit;
    if (index.search(unit.text, { prefix: true, fuzzy: false }).length) return unit;
    const near = index.search(unit.text, { fields: ["names", "title"], fuzzy: 0.25, prefix: false });
    const word = near.flatMap((result) => result.terms).find((term) => names.has(term));
    return word ? { typed: unit.text, meant: true, text: word, terms: names.get(word) } : unit;
  }

  function ask(question) {
    const whole = question.trim().toLowerCase().replace(/^(pmid:?\s*|https?:\/\/(dx\.)?doi\.org\/|doi:\s*)/, "");
    const named = /\d{4}/.test(whole) ? index.search(whole, { ...EXACT, fields: ["ids"] }) : [];
    const asked = named.length ? [{ text: whole, terms: [] }] : units(question).map(correct);
    let results = named;
    let all = true;
    if (!named.length && asked.length) {
      results = index.search({ combineWith: "AND", queries: asked.map(query) });
      if (!results.length && asked.length > 1) {
        all = false;
        results = index.search({ combineWith: "OR", queries: asked.map(query) });
      }
    }
    const meant = new Set(asked.flatMap((unit) => unit.terms));
    const groups = { entities: [], findings: [], papers: [], sections: [] };
    for (const result of results) groups[documents[result.id].group].push({ ...documents[result.id], matched: result.terms });
    // the term itself before those that share a word with it; of one name, the target before the marker
    const rank = (entity) => (meant.has(entity.terms[0]) ? entity.id : Infinity);
    groups.entities.sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
    return { asked, groups, all, marks: marksOf(asked, results) };
  }

  /* Every word to be highlighted: those that matched, and the names of the terms that were meant. */
  function marksOf(asked, results) {
    const found = new Set(results.flatMap((result) => result.terms).filter((term) => !term.includes(":")));
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
  const several = (n, word) => `${n.toLocaleString("en-GB")} ${word}${n === 1 ? "" : "s"}`;

  function show(question) {
    const { asked, groups, all, marks } = ask(question);
    const counts = Object.entries(groups).filter(([, found]) => found.length).map(([name, found]) => several(found.length, WORDS[name]));
    part("status").textContent = counts.length
      ? `${counts.join(", ")} for “${question}”.`
      : `Nothing in the book for “${question}”. That is a gap of ours or a word of another spelling, and no proof.`;
    part("how").replaceChildren(...how(asked, all));
    part("results").replaceChildren(...Object.entries(groups).filter(([, found]) => found.length).map(([name, found]) => group(name, found, marks, question)));
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

  function group(name, found, marks, question) {
    const [heading, draw] = GROUPS[name];
    const id = `found-${name}`;
    const list = h("ol", { class: name }, ...found.slice(0, FIRST).map((item) => draw(item, marks)));
    const made = h("section", { "aria-labelledby": id }, h("h2", { id }, heading, " ", h("small", {}, `(${found.length.toLocaleString("en-GB")})`)), list);
    if (found.length > FIRST) {
      const more = h("button", { type: "button" }, `Show all ${found.length.toLocaleString("en-GB")}`);
      more.addEventListener("click", () => {
        const rest = found.slice(FIRST).map((item) => draw(item, marks));
        list.append(...rest);
        more.remove();
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
    ready().then(
      () => { if (turn === latest) show(question); },
      (error) => { part("status").textContent = `${error.message}. Reload the page to try again.`; },
    );
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

/* The page of the search: shows what a question finds (search-ask.js) in the index that the build made (search-index.js). */
(function () {
  "use strict";
  const { document } = window;
  const root = document.getElementById("search-page");
  if (!root) return;
  const { fold, squeeze, forms, load, element: h } = window.lscTools;
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

  let index; // of the build, once it is asked
  let ask; // what a question asks for (search-ask.js)
  let names; // what names mean (words.js)

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
    names = window.lscTools.lexicon(window.lscNames);
    index = window.lscSearchIndex(base, window.lscSearch, names.means);
    ask = window.lscAsk(index, names);
  }

  /* What is shown of a document, from the cells that index.py wrote. */
  const READ = {
    entities: ([roles, id, about, n, href]) => ({ title: id, about, roles, n, href }),
    findings: ([text, direction, level, source, href]) => ({ text, direction, level, source, href }),
    papers: ([name, cite, journal, pmid, doi, n, href]) => ({
      title: name, source: `${cite} ${journal}`, ids: [pmid, doi].filter(Boolean), n,
      href: href || (pmid ? `https://pubmed.ncbi.nlm.nih.gov/${pmid}/` : `https://doi.org/${doi}`),
    }),
    sections: ([page, heading, href, text]) => ({ title: heading, page, text, href }),
  };
  const documents = async (name, places) => (await index.cells(name, places)).map(READ[name]);

  /* ---- show ---- */

  const GROUPS = {
    entities: ["Targets, markers, genes, therapies, other terms and pages", entity],
    findings: ["Findings", finding],
    papers: ["Papers", paper],
    sections: ["Pages", section],
  };
  const WORDS = { entities: ["term or page", "terms and pages"], findings: ["finding", "findings"], papers: ["paper", "papers"], sections: ["section", "sections"] };
  const count = (n) => n.toLocaleString("en-GB");
  const several = (n, [one, more]) => `${count(n)} ${n === 1 ? one : more}`;

  async function show(question, turn) {
    const { asked, groups, all, unheard, marks, order } = await ask(question);
    const heard = unheard.length || asked.some((unit) => unit.meant) ? asked.map((unit) => unit.text).join(" ") : question;
    const lists = await Promise.all(order.map((name) => group(name, groups[name].places, marks, heard)));
    if (turn !== latest) return;
    const counts = order.map((name) => several(groups[name].places.length, WORDS[name]));
    part("status").textContent = counts.length
      ? `${counts.join(", ")} for “${question}”.`
      : `Nothing in the book for “${question}”. That is a gap of ours or a word of another spelling, and no proof.`;
    part("how").replaceChildren(...how(asked, all, unheard));
    part("results").replaceChildren(...lists);
  }

  /* What was searched beside the words as they stand, and what was not found. */
  function how(asked, all, unheard) {
    const lines = [];
    for (const unit of asked) {
      if (!unit.terms.length) continue;
      const ids = [...new Set(unit.terms.map(names.title))];
      const said = new Set([squeeze(unit.text), ...ids.map((id) => squeeze(fold(id)))]);
      const others = [...new Set(unit.terms.flatMap(names.namesOf))].filter((name) => {
        const form = squeeze(fold(name));
        return !said.has(form) && said.add(form);
      });
      const also = others.length ? ` under all names, also ${others.slice(0, 8).join(", ")}${others.length > 8 ? " …" : ""}` : "";
      const listed = ids.length > 1 ? `${ids.slice(0, -1).join(", ")} and ${ids.at(-1)}` : ids[0];
      if (unit.meant) lines.push(`Nothing is spelt “${unit.typed}”. Searched ${listed}${also}.`);
      else if (also || ids.length > 1) lines.push(`Searched ${listed}${also}.`);
    }
    if (asked.length) for (const text of unheard) lines.push(`Nothing in the book has “${text}”; searched without it.`);
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

  function entity({ title: id, roles, n, about, href }, marks) {
    const told = about && about !== id ? marked(about, marks) : [];
    const counted = n === null ? "" : `${told.length ? " · " : ""}${n ? several(n, ["finding", "findings"]) : "no finding yet"}`;
    return h("li", {}, h("a", { href: away(href) }, ...marked(id, marks)), ` ${roles}`, h("p", { class: "about" }, ...told, counted));
  }

  function finding({ text, direction, level, source, href }, marks) {
    return h("li", {}, h("span", { class: `direction ${direction}` }, DIRECTIONS[direction]), " ", ...marked(text, marks), " ",
      level && h("span", { class: `level level-${level}` }, level), " ", h("a", { href: away(href) }, source));
  }

  function paper({ title: name, source, ids, n, href }, marks) {
    return h("li", {}, h("a", { href: away(href) }, ...marked(name, marks)),
      h("p", { class: "about" }, `${source} · ${/^\d+$/.test(ids[0]) ? `PMID ${ids[0]}` : ids[0]} · ${n ? several(n, ["finding", "findings"]) : "no finding curated; opens PubMed"}`));
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

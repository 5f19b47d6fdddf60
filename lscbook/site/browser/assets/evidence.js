/* The evidence browser: filters, counts, sort, pages and downloads over the columns of evidence-data.js. */
(function () {
  "use strict";
  const root = document.getElementById("evidence-browser");
  if (!root) return;
  const { fold, squeeze, load, element: h } = window.lscTools;
  const PER_PAGE = 100;
  const base = document.currentScript.src.replace(/[^/]*$/, "");
  const up = document.documentElement.dataset.content_root || "../";
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const form = part("form");
  const number = new Intl.NumberFormat("en-GB").format;

  let data; // lscEvidence, once loaded
  let words; // lscNames: kind, id, page and names
  let facets; // by name: column and label
  let texts; // what the text filter reads, by row
  let synonyms; // every form under which a name stands, by the name squeezed
  let orders; // rows by sort
  let shown = { state: null, rows: [] };

  /* ---- data ---- */

  let loading;
  function ready() {
    loading ||= Promise.all([load(base, "names-data.js"), load(base, "evidence-data.js")]).then(prepare);
    return loading;
  }

  function prepare() {
    data = window.lscEvidence;
    words = window.lscNames;
    facets = new Map(data.facets.map(([name, column, label]) => [name, { name, label, ...data.columns[column] }]));
    orders = { strength: data.claims.map((_, row) => row) };
    const year = (row) => Number(value("year", row) || 0);
    const author = data.papers.map((paper) => fold(paper.cite));
    orders.year = orders.strength.slice().sort((a, b) => year(b) - year(a) || a - b);
    orders.author = orders.strength.slice().sort((a, b) => {
      const [x, y] = [author[data.paper[a]], author[data.paper[b]]];
      return x < y ? -1 : x > y ? 1 : a - b;
    });
    texts = searchable();
    synonyms = new Map();
    for (const kind of Object.values(words))
      for (const [id, names] of Object.entries(kind)) {
        const forms = [id, ...names.slice(1)].map(fold);
        const all = [...forms, ...forms.map(squeeze)];
        for (const name of new Set(forms.map(squeeze))) synonyms.set(name, [...new Set([...(synonyms.get(name) || []), ...all])]);
      }
  }

  function values(column, row) {
    const { words: known, rows } = data.columns[column];
    const found = rows[row];
    return found === 0 ? [] : [].concat(found).map((i) => known[i - 1]);
  }
  const value = (column, row) => values(column, row)[0] || "";

  /* Claim, paper, trials, and every name of every term that the finding names. */
  function searchable() {
    const names = {};
    for (const [facet, kind] of Object.entries(data.kinds)) {
      names[facet] = facets.get(facet).words.map((id) => {
        const forms = [id, ...(words[kind]?.[id] || []).slice(1)].map(fold);
        return [...forms, ...forms.map(squeeze)].join(" ");
      });
    }
    const papers = data.papers.map((paper) =>
      fold([paper.title, ...(paper.authors || []).flat(), paper.journal, paper.pmid, paper.doi].join(" ")),
    );
    return data.claims.map((claim, row) => {
      const terms = Object.keys(names).map((facet) =>
        [].concat(facets.get(facet).rows[row] || []).map((i) => names[facet][i - 1]).join(" "),
      );
      return `${fold(claim)} ${papers[data.paper[row]]} ${fold(values("cohort", row).join(" "))} ${terms.join(" ")}`;
    });
  }

  /* ---- the view as the address says it ---- */

  const empty = () => ({ filters: new Map(), year: null, q: "", sort: "strength", page: 1, unknown: [] });

  /* An address without `=` is a place on the page (the skip link), and no view. */
  const isView = (hash) => hash.length < 2 || hash.includes("=");

  function parse(hash) {
    const state = empty();
    for (const [name, given] of new URLSearchParams(hash.replace(/^#/, ""))) {
      if (!given) continue;
      if (name === "q") state.q = given;
      else if (name === "sort" && Object.hasOwn(orders, given)) state.sort = given;
      else if (name === "page" && /^\d{1,6}$/.test(given)) state.page = Math.max(1, Number(given));
      else if (name === "year" && years(given)) state.year = years(given);
      else {
        const known = facets.has(name) ? resolve(name, given) : null;
        if (known === null) state.unknown.push([name, given]);
        else if (!(state.filters.get(name) || []).includes(known))
          state.filters.set(name, [...(state.filters.get(name) || []), known]);
      }
    }
    return state;
  }

  function years(text) {
    const found = /^(\d{4})?([-–])?(\d{4})?$/.exec(text);
    if (!found || !(found[1] || found[3])) return null;
    return found[2] ? [found[1] || "", found[3] || ""] : [found[1], found[1]];
  }

  /* The word of a filter that a value means: itself, its spelling, or the term that it is a name of. */
  function resolve(facet, given) {
    const offered = new Set(facets.get(facet).words);
    for (const box of form.querySelectorAll(`input[name="${facet}"]`)) offered.add(box.value);
    if (offered.has(given)) return given;
    const terms = words[data.kinds[facet]] || {};
    if (Object.hasOwn(terms, given)) return given;
    const wanted = squeeze(fold(given));
    const same = (text) => squeeze(fold(text)) === wanted;
    for (const word of offered) if (same(word)) return word;
    for (const [id, names] of Object.entries(terms)) if (names.slice(1).some(same)) return id;
    return null;
  }

  function address(state) {
    const query = new URLSearchParams();
    for (const name of [...state.filters.keys()].sort()) for (const word of state.filters.get(name)) query.append(name, word);
    if (state.year) query.append("year", state.year[0] === state.year[1] ? state.year[0] : state.year.join("-"));
    if (state.q) query.append("q", state.q);
    if (state.sort !== "strength") query.append("sort", state.sort);
    if (state.page > 1) query.append("page", state.page);
    const text = query.toString();
    return location.href.split("#")[0] + (text ? `#${text}` : "");
  }

  /* ---- filter ---- */

  function tests(state) {
    const made = [];
    for (const [name, chosen] of state.filters) {
      const { words: known, rows } = facets.get(name);
      const wanted = new Set(chosen.map((word) => known.indexOf(word) + 1).filter(Boolean));
      const test = (row) => (typeof rows[row] === "number" ? wanted.has(rows[row]) : rows[row].some((i) => wanted.has(i)));
      made.push({ name, test });
    }
    if (state.year) {
      const { words: known, rows } = data.columns.year;
      const [from, to] = state.year;
      const fits = known.map((year) => (!from || year >= from) && (!to || year <= to));
      made.push({ name: "year", test: (row) => fits[rows[row] - 1] === true });
    }
    if (state.q) {
      const asked = phrases(state.q);
      made.push({ name: "q", test: (row) => asked.every((forms) => forms.some((form) => begins(texts[row], form))) });
    }
    return made;
  }

  /* What must all stand in a row, each under one of several forms: the names of a term, or a word as it is. */
  function phrases(text) {
    const whole = fold(text);
    if (synonyms.has(squeeze(whole))) return [synonyms.get(squeeze(whole))];
    return [...whole.matchAll(/"([^"]+)"|([^\s"]+)/g)]
      .map((found) => found[1] || found[2].replace(/^[,;:(]+|[,;:)?!]+$/g, ""))
      .filter(Boolean)
      .map((form) => synonyms.get(squeeze(form)) || [...new Set([form, squeeze(form)])]);
  }

  /* Whether a word of the text begins so. */
  function begins(text, form) {
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
      if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]) || !/[\p{L}\p{N}]/u.test(form[0])) return true;
    }
    return false;
  }

  /* Rows that pass, what each word would give with the other filters, and what each filter costs. */
  function select(state) {
    const active = tests(state);
    const counted = [...facets.values()].map((facet) => ({ ...facet, counts: new Int32Array(facet.words.length + 1) }));
    const own = new Map(counted.map((facet) => [facet.name, facet]));
    const without = new Map(active.map(({ name }) => [name, 0]));
    const rows = [];
    for (const row of orders[state.sort]) {
      let failed = null;
      let failures = 0;
      for (const { name, test } of active) {
        if (test(row)) continue;
        failed = name;
        if (++failures > 1) break;
      }
      if (failures > 1) continue;
      if (failures === 0) {
        rows.push(row);
        for (const facet of counted) count(facet, row);
      } else {
        without.set(failed, without.get(failed) + 1);
        if (own.has(failed)) count(own.get(failed), row);
      }
    }
    return { rows, counts: own, without };
  }

  function count({ rows, counts }, row) {
    const found = rows[row];
    if (typeof found === "number") counts[found]++;
    else for (const i of found) counts[i]++;
  }

  /* ---- show ---- */

  function render(state) {
    const result = select(state);
    const pages = Math.max(1, Math.ceil(result.rows.length / PER_PAGE));
    state.page = Math.min(state.page, pages);
    const first = (state.page - 1) * PER_PAGE;
    const rows = result.rows.slice(first, first + PER_PAGE);
    shown = { state, rows: result.rows };
    part("table").tBodies[0].replaceChildren(...rows.map(tableRow));
    part("table").caption.textContent = `Findings, ${form.elements.sort.querySelector(`[value="${state.sort}"]`).textContent}`;
    part("table").parentElement.hidden = rows.length === 0;
    part("pager").hidden = pages === 1;
    part("place").textContent = `Page ${state.page} of ${pages}`;
    for (const [act, off] of [["previous", state.page === 1], ["next", state.page === pages]])
      part("pager").querySelector(`[data-act="${act}"]`).setAttribute("aria-disabled", off);
    part("status").textContent = sentence(result.rows, first, rows.length);
    part("actions").hidden = rows.length === 0;
    syncForm(state, result.counts);
    showChips(state);
    showEmpty(state, result);
  }

  function sentence(rows, first, length) {
    if (!rows.length) return "No finding fits these filters.";
    const papers = new Set(rows.map((row) => data.paper[row])).size;
    const some = length < rows.length ? ` These are ${number(first + 1)} to ${number(first + length)}.` : "";
    const plural = (n, word) => `${number(n)} ${word}${n === 1 ? "" : "s"}`;
    return `${plural(rows.length, "finding")} from ${plural(papers, "paper")}.${some}`;
  }

  function tableRow(row) {
    const direction = value("direction", row);
    const [sign, word] = data.directions[direction];
    const note = value("note", row);
    const what = [values("diseases", row).join(", "), value("study", row)];
    if (value("n", row)) what.push(`${number(Number(value("n", row)))} ${value("n_unit", row)}`);
    return h("tr", {},
      h("td", {},
        h("span", { class: `direction ${direction}` }, `${sign}\u00a0${word}`), ` ${data.claims[row]}`,
        note && h("span", { class: "doubt" }, note), h("span", { class: "fields" }, ...details(row))),
      h("td", {}, ...what.map((text) => h("span", { class: "what" }, text))),
      h("td", {}, level(value("level", row))),
      h("td", {}, ...source(row)));
  }

  function level(letter) {
    if (!letter) return h("span", { class: "level none", title: "level not assessed" }, "–");
    return h("span", { class: `level level-${letter}`, title: data.levels[letter] }, letter);
  }

  function details(row) {
    const theme = value("theme", row);
    const made = [];
    for (const [name, themes, kinds] of data.fields) {
      if (!(name === "effect" || themes.includes(theme)) || !values(name, row).length) continue;
      const listed = values(name, row).flatMap((word, i) => (i ? [", ", term(kinds, word)] : [term(kinds, word)]));
      made.push(h("span", {}, `${name.replaceAll("_", " ")}: `, ...listed));
    }
    return made;
  }

  function term(kinds, id) {
    const kind = kinds.find((one) => words[one]?.[id]);
    return kind ? h("a", { href: up + words[kind][id][0] }, id) : id;
  }

  function source(row) {
    const paper = data.papers[data.paper[row]];
    const standing = value("standing", row);
    return [
      h("a", { class: "paper", href: up + paper.page, title: paper.title }, paper.cite), h("br"), h("i", {}, paper.journal || ""),
      data.standings[standing] ? h("span", { class: `standing ${data.standings[standing]}` }, standing) : "",
      paper.pmid ? "" : h("span", { class: "standing pending" }, "PMID pending"),
      h("span", { class: "reading" }, reading(row)),
    ].filter(Boolean);
  }

  function reading(row) {
    const found = values("reading", row);
    if (found.includes("disputed")) return "read twice, disputed";
    return found.includes("twice") ? "✓ read twice" : "read once";
  }

  function syncForm(state, counts) {
    if (form.elements.q !== document.activeElement) form.elements.q.value = state.q;
    form.elements.sort.value = state.sort;
    for (const [i, name] of ["from", "to"].entries())
      if (form.elements[name] !== document.activeElement) form.elements[name].value = state.year ? state.year[i] : "";
    for (const box of form.querySelectorAll("details.facet")) {
      const name = box.dataset.facet;
      const chosen = name === "year" ? [state.year].filter(Boolean) : state.filters.get(name) || [];
      box.querySelector(".chosen").textContent = chosen.length ? ` (${chosen.length})` : "";
      if (name === "year") continue;
      const { words: known, counts: found } = counts.get(name);
      const at = new Map(known.map((word, i) => [word, found[i + 1]]));
      const many = box.querySelector(".many");
      for (const label of box.querySelectorAll(".box")) {
        const input = label.firstElementChild;
        const n = at.get(input.value) || 0;
        input.checked = chosen.includes(input.value);
        const told = number(n);
        if (label.lastElementChild.textContent !== told) label.lastElementChild.textContent = told;
        label.hidden = Boolean(many) && n === 0 && !input.checked;
      }
    }
  }

  /* Every filter in force: its words, and the view without it. */
  function inForce(state) {
    const made = [];
    for (const [name, chosen] of state.filters)
      for (const word of chosen) made.push([name, word, `${facets.get(name).label}: ${wordShown(name, word)}`]);
    if (state.year) made.push(["year", "", `year: ${state.year[0] === state.year[1] ? state.year[0] : state.year.join("–")}`]);
    if (state.q) made.push(["q", "", `words: ${state.q}`]);
    return made;
  }

  function wordShown(name, word) {
    const box = [...form.querySelectorAll(`input[name="${name}"]`)].find((input) => input.value === word);
    return box ? box.nextElementSibling.textContent : word;
  }

  function without(state, name, word) {
    const next = { ...state, filters: new Map(state.filters), page: 1, unknown: [] };
    if (name === "q") next.q = "";
    else if (name === "year") next.year = null;
    else {
      const left = word === null ? [] : next.filters.get(name).filter((other) => other !== word);
      if (left.length) next.filters.set(name, left);
      else next.filters.delete(name);
    }
    return next;
  }

  function showChips(state) {
    const chips = inForce(state).map(([name, word, text]) => {
      const chip = h("button", { type: "button", class: "chip", "aria-label": `Remove the filter ${text}` }, `${text} ✕`);
      chip.addEventListener("click", () => {
        go(without(state, name, word));
        (part("chips").querySelector("button") || form.elements.q).focus();
      });
      return chip;
    });
    if (chips.length > 1 || state.unknown.length) {
      const clear = h("button", { type: "button", class: "chip clear" }, "Clear all");
      clear.addEventListener("click", () => {
        go({ ...empty(), sort: state.sort });
        form.elements.q.focus();
      });
      chips.push(clear);
    }
    const odd = state.unknown.map(([name, word]) =>
      h("p", { class: "unknown" }, facets.has(name) || name === "year" || name === "sort" || name === "page"
        ? `The book does not know “${word}” as ${name}; this part of the address is ignored.`
        : `There is no filter “${name}” (${word}); this part of the address is ignored.`));
    part("chips").replaceChildren(...odd, ...chips);
    part("chips").hidden = !chips.length && !odd.length;
  }

  /* Which filter to drop, with what it would give back. */
  function showEmpty(state, result) {
    part("empty").hidden = result.rows.length > 0;
    if (result.rows.length) return;
    const lines = [];
    for (const [name, chosen] of state.filters) {
      const silent = chosen.filter((word) => !facets.get(name).words.includes(word));
      if (silent.length)
        lines.push(h("p", {}, `No finding on ${silent.join(", ")} is curated yet. That is a gap of ours, not a proof.`));
    }
    const offers = [...result.without].filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1]);
    const buttons = offers.map(([name, n]) => {
      const label = inForce(state).filter(([other]) => other === name).map(([, , text]) => text).join(", ");
      const drop = h("button", { type: "button", class: "chip" }, `Drop ${label} (${number(n)} finding${n === 1 ? "" : "s"})`);
      drop.addEventListener("click", () => {
        go(without(state, name, null));
        form.elements.q.focus();
      });
      return drop;
    });
    lines.push(buttons.length
      ? h("p", {}, "Without one filter there would be some: ", ...buttons)
      : h("p", {}, "No single filter is in the way; remove two or more of them, or clear all."));
    part("empty").replaceChildren(...lines);
  }

  /* ---- act ---- */

  let current = null;
  function go(state, { replace = false } = {}) {
    current = address(state);
    if (current !== location.href) history[replace ? "replaceState" : "pushState"](null, "", current);
    render(state);
  }

  function fromAddress() {
    if (!isView(location.hash) || location.href === current) return;
    current = location.href;
    ready().then(() => {
      const state = parse(location.hash);
      render(state);
      for (const name of state.filters.keys()) {
        const more = form.querySelector(`[data-facet="${name}"]`).closest(".more");
        if (more) more.open = true; // a filter in force is never hidden twice
      }
    }, failed);
  }

  function failed(error) {
    part("status").textContent = `${error.message}. Reload the page, or take the whole table below.`;
  }

  function fromForm() {
    const state = { ...empty(), q: form.elements.q.value.trim(), sort: form.elements.sort.value };
    for (const box of form.querySelectorAll('input[type="checkbox"]:checked'))
      state.filters.set(box.name, [...(state.filters.get(box.name) || []), box.value]);
    // a word that has no box (a term without findings) stays until its chip is removed
    for (const [name, chosen] of shown.state?.filters || [])
      for (const word of chosen)
        if (![...form.querySelectorAll(`input[name="${name}"]`)].some((box) => box.value === word))
          state.filters.set(name, [...(state.filters.get(name) || []), word]);
    const [from, to] = [form.elements.from.value, form.elements.to.value];
    if (/^\d{4}$/.test(from) || /^\d{4}$/.test(to)) state.year = [/^\d{4}$/.test(from) ? from : "", /^\d{4}$/.test(to) ? to : ""];
    return state;
  }

  let typing;
  form.addEventListener("input", (event) => {
    const typed = event.target.name === "q" || event.target.type === "number";
    clearTimeout(typing);
    // typing must not fill the history, choosing must
    typing = setTimeout(() => ready().then(() => go(fromForm(), { replace: typed }), failed), typed ? 120 : 0);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const kind of ["focusin", "pointerenter"]) root.addEventListener(kind, () => ready().catch(failed), { once: true });

  root.addEventListener("click", (event) => {
    const act = event.target.closest("[data-act]")?.dataset.act;
    const download = event.target.closest("[data-download]")?.dataset.download;
    if (act === "link") copyLink();
    else if (download) save(download);
    else if (act && event.target.closest("[data-act]").getAttribute("aria-disabled") !== "true") turn(act === "next" ? 1 : -1);
  });

  function turn(by) {
    ready().then(() => {
      const state = shown.state || parse("");
      go({ ...state, page: state.page + by });
      const region = part("table").parentElement;
      region.focus({ preventScroll: true });
      region.scrollIntoView({ block: "start" });
    }, failed);
  }

  function save(kind) {
    const exports = window.lscExports ? null : load(base, "evidence-exports.js");
    Promise.all([ready(), exports]).then(() => window.lscExports.save(kind, view()), failed);
  }

  /* The rows shown, with what a download needs to say about them. */
  function view() {
    const rows = shown.state ? shown.rows : orders.strength;
    return { rows, data, values, address: (page) => new URL(up + page, location.href).href };
  }

  function copyLink() {
    const link = location.href;
    const said = part("said");
    const byHand = () => {
      const field = h("input", { readonly: true, value: link, "aria-label": "Link to this view" });
      said.replaceChildren("Copy this: ", field);
      field.select();
    };
    if (!navigator.clipboard) byHand();
    else navigator.clipboard.writeText(link).then(() => { said.textContent = "Link copied."; }, byHand);
  }

  // on a phone the findings come first and the filters stand behind a button
  if (window.matchMedia("(max-width: 640px)").matches) form.querySelector(".all").open = false;
  form.hidden = false;
  part("actions").hidden = false;
  part("pager").hidden = root.querySelectorAll("tbody tr").length < PER_PAGE;
  part("place").textContent = "Page 1";
  part("pager").querySelector('[data-act="previous"]').setAttribute("aria-disabled", "true");
  window.addEventListener("hashchange", fromAddress);
  window.addEventListener("popstate", fromAddress);
  if (location.hash.includes("=")) fromAddress();
  else current = location.href;
})();

/* The evidence browser: shows a view, and takes what a reader does to the next. */
(function () {
  "use strict";
  const { document, history } = window;
  const root = document.getElementById("evidence-browser");
  if (!root) return;
  const { load, element: h } = window.lscTools;
  const PER_PAGE = 100;
  const FIRST = 25; // rows that a phone shows of a page of the table, until it is asked for all
  const phone = window.matchMedia("(max-width: 640px)").matches;
  const base = document.currentScript.src.replace(/[^/]*$/, "");
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const form = part("form");
  const number = new Intl.NumberFormat("en-GB").format;

  const SPANS = { year: "year", since: "added since" }; // filters without boxes

  let data; // lscEvidence, once loaded
  let filter; // what a view has
  let views; // what an address says
  let parts; // rows and files of a view
  let shown = { state: null, rows: [] };

  let loading;
  function ready() {
    loading ||= Promise.all([load(base, "names-data.js"), load(base, "evidence-data.js")]).then(() => {
      const words = window.lscNames;
      data = window.lscEvidence;
      filter = window.lscFilter(data, words);
      views = window.lscView(filter, data, words, (facet) => boxes(facet).map((box) => box.value));
      parts = window.lscViewParts(base, data);
    });
    return loading;
  }

  const boxes = (facet) => [...form.querySelectorAll(`input[name="${facet}"]`)];

  /* An address without `=` is a place on the page (the skip link), and no view. */
  const isView = (hash) => hash.length < 2 || hash.includes("=");

  /* ---- show ---- */

  /* On a phone a hundred rows are forty screens. The address of a view is the same everywhere, and so are its pages. */
  function shorten() {
    const long = phone && part("table").tBodies[0].rows.length > FIRST;
    root.classList.toggle("short", long);
    part("longer").hidden = !long;
  }

  function lengthen() {
    root.classList.remove("short");
    part("longer").hidden = true;
    const next = part("table").tBodies[0].rows[FIRST];
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
  }

  /* Shows a view, unless another was asked for while its rows were coming; whether it did. */
  let latest = 0;
  async function render(state) {
    const turn = ++latest;
    const result = filter.select(state);
    const pages = Math.max(1, Math.ceil(result.rows.length / PER_PAGE));
    state.page = Math.min(state.page, pages);
    const first = (state.page - 1) * PER_PAGE;
    const places = result.rows.slice(first, first + PER_PAGE);
    syncForm(state, result.counts); // what was asked for stays asked for, should the rows not come
    const rows = await parts.rows(places);
    if (turn !== latest) return false;
    shown = { state, rows: result.rows };
    part("table").tBodies[0].replaceChildren(rows);
    shorten();
    part("table").caption.textContent = `Findings, ${form.elements.sort.querySelector(`[value="${state.sort}"]`).textContent}`;
    part("table").parentElement.hidden = places.length === 0;
    part("pager").hidden = pages === 1;
    part("place").textContent = `Page ${state.page} of ${pages}`;
    for (const [act, off] of [["previous", state.page === 1], ["next", state.page === pages]])
      part("pager").querySelector(`[data-act="${act}"]`).setAttribute("aria-disabled", off);
    part("status").textContent = sentence(result.rows, first, places.length, state.unknown.length);
    part("actions").hidden = places.length === 0;
    showChips(state);
    showEmpty(state, result);
    return true;
  }

  function sentence(rows, first, length, odd) {
    if (!rows.length) return "No finding fits these filters.";
    const but = odd ? " A part of the address was not understood, and does not narrow them." : "";
    const papers = new Set(rows.map((row) => data.paper[row])).size;
    const some = length < rows.length ? ` These are ${number(first + 1)} to ${number(first + length)}.` : "";
    const plural = (n, word) => `${number(n)} ${word}${n === 1 ? "" : "s"}`;
    return `${plural(rows.length, "finding")} from ${plural(papers, "paper")}.${some}${but}`;
  }

  function syncForm(state, counts) {
    if (form.elements.q !== document.activeElement) form.elements.q.value = state.q;
    form.elements.sort.value = state.sort;
    for (const [i, name] of ["from", "to"].entries())
      if (form.elements[name] !== document.activeElement) form.elements[name].value = state.year ? state.year[i] : "";
    if (form.elements.since !== document.activeElement) form.elements.since.value = state.since;
    for (const box of form.querySelectorAll("details.facet")) {
      const name = box.dataset.facet;
      const chosen = Object.hasOwn(SPANS, name) ? [state[name]].filter(Boolean) : state.filters.get(name) || [];
      box.querySelector(".chosen").textContent = chosen.length ? ` (${chosen.length})` : "";
      if (Object.hasOwn(SPANS, name)) continue;
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
      for (const word of chosen) made.push([name, word, `${filter.facets.get(name).label}: ${wordShown(name, word)}`]);
    if (state.year) made.push(["year", "", `year: ${state.year[0] === state.year[1] ? state.year[0] : state.year.join("–")}`]);
    if (state.since) made.push(["since", "", `added since: ${state.since}`]);
    if (state.q) made.push(["q", "", `words: ${state.q}`]);
    return made;
  }

  function wordShown(name, word) {
    const box = boxes(name).find((input) => input.value === word);
    return box ? box.nextElementSibling.textContent : word;
  }

  function showChips(state) {
    const chips = inForce(state).map(([name, word, text]) => {
      const chip = h("button", { type: "button", class: "chip", "aria-label": `Remove the filter ${text}` }, text, h("span", { class: "cross" }, " ✕"));
      chip.addEventListener("click", () => {
        go(views.without(state, name, word)).then(() => (part("chips").querySelector("button") || form.elements.q).focus());
      });
      return chip;
    });
    if (chips.length > 1 || state.unknown.length) {
      const clear = h("button", { type: "button", class: "chip clear" }, "Clear all");
      clear.addEventListener("click", () => {
        go({ ...views.empty(), sort: state.sort }).then(() => form.elements.q.focus());
      });
      chips.push(clear);
    }
    const odd = state.unknown.map(([name, word]) =>
      h("p", { class: "unknown" }, filter.facets.has(name) || name === "sort" || name === "page" || Object.hasOwn(SPANS, name)
        ? `“${word}” is not a value of ${name} in this book; this part of the address is ignored.`
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
      const silent = chosen.filter((word) => !filter.facets.get(name).words.includes(word));
      if (silent.length && name === "standing")
        lines.push(h("p", {}, `None: no paper in this book is known to be ${silent.join(" or ")}. `,
          h("a", { href: views.address({ ...views.empty(), filters: new Map([["standing", ["not asked"]]]) }) }, "Papers not yet checked")));
      else if (silent.length)
        lines.push(h("p", {}, `No finding on ${silent.join(", ")} has been curated yet. That is a gap in this book, not evidence of absence.`));
    }
    const offers = [...result.without].filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1]);
    const buttons = offers.map(([name, n]) => {
      const label = inForce(state).filter(([other]) => other === name).map(([, , text]) => text).join(", ");
      const drop = h("button", { type: "button", class: "chip" }, `Drop ${label} (${number(n)} finding${n === 1 ? "" : "s"})`);
      drop.addEventListener("click", () => {
        go(views.without(state, name, null)).then(() => form.elements.q.focus());
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
  /* The address changes with the table, so that neither is ever without the other. */
  async function go(state, { replace = false } = {}) {
    try {
      if (!await render(state)) return;
    } catch (error) {
      failed(error);
      return;
    }
    current = views.address(state);
    if (current !== location.href) history[replace ? "replaceState" : "pushState"](null, "", current);
  }

  function fromAddress() {
    if (!isView(location.hash) || location.href === current) return;
    current = location.href;
    ready().then(() => {
      const state = views.parse(location.hash);
      for (const name of state.filters.keys()) {
        const more = form.querySelector(`[data-facet="${name}"]`).closest(".more");
        if (more) more.open = true; // a filter in force is never hidden twice
      }
      return render(state);
    }).catch(failed);
  }

  function failed(error) {
    part("status").textContent = `${error.message}. Reload the page, or download the whole table below.`;
  }

  function fromForm() {
    const state = { ...views.empty(), q: form.elements.q.value.trim(), sort: form.elements.sort.value };
    for (const box of form.querySelectorAll('input[type="checkbox"]:checked'))
      state.filters.set(box.name, [...(state.filters.get(box.name) || []), box.value]);
    // a word that has no box (a term without findings) stays until its chip is removed
    for (const [name, chosen] of shown.state?.filters || [])
      for (const word of chosen)
        if (!boxes(name).some((box) => box.value === word))
          state.filters.set(name, [...(state.filters.get(name) || []), word]);
    state.since = form.elements.since.value;
    const [from, to] = [form.elements.from.value, form.elements.to.value];
    if (/^\d{4}$/.test(from) || /^\d{4}$/.test(to)) state.year = [/^\d{4}$/.test(from) ? from : "", /^\d{4}$/.test(to) ? to : ""];
    return state;
  }

  let typing;
  form.addEventListener("input", (event) => {
    const typed = ["search", "number", "date"].includes(event.target.type);
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
    else if (act === "longer") lengthen();
    else if (act === "print") ready().then(printAll).catch(failed);
    else if (download) save(download);
    else if (act && event.target.closest("[data-act]").getAttribute("aria-disabled") !== "true") turn(act === "next" ? 1 : -1);
  });

  function turn(by) {
    ready().then(() => {
      const state = shown.state || views.parse("");
      return go({ ...state, page: state.page + by });
    }).then(() => {
      const region = part("table").parentElement;
      region.focus({ preventScroll: true });
      region.scrollIntoView({ block: "start" });
    }).catch(failed);
  }

  function save(kind) {
    ready().then(() => parts.save(kind, shown.state ? shown.rows : filter.orders.strength)).catch(failed);
  }

  /* On paper stands every row of the view, and not one page of it. */
  async function printAll() {
    const places = shown.state ? shown.rows : filter.orders.strength;
    part("table").tBodies[0].replaceChildren(await parts.rows(places));
    part("status").textContent = sentence(places, 0, places.length, 0);
    window.addEventListener("afterprint", () => render(shown.state || views.parse("")).catch(failed), { once: true });
    window.print();
  }

  /* Every finding's abbreviations stand below the table; on paper, those of the findings printed. */
  window.addEventListener("beforeprint", () => {
    const said = ["table", "chips", "status"].map((name) => part(name).textContent).join(" ");
    for (const line of document.querySelectorAll(".abbreviations dl > div"))
      line.hidden = !said.includes(line.querySelector("dt").textContent);
  });
  window.addEventListener("afterprint", () => {
    for (const line of document.querySelectorAll(".abbreviations dl > div")) line.hidden = false;
  });

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

  /* `?standing=retracted` means what `#standing=retracted` does, which works from disk too. */
  const asked = [...new URLSearchParams(location.search).keys()];
  if (asked.some((name) => form.elements[name] || form.querySelector(`[data-facet="${window.CSS.escape(name)}"]`))) {
    const both = [location.search.slice(1), isView(location.hash) ? location.hash.slice(1) : ""].filter(Boolean).join("&");
    location.replace(`${location.href.split(/[?#]/)[0]}#${both}`);
    return;
  }

  // on a phone the findings come first and the filters stand behind a button
  if (window.matchMedia("(max-width: 640px)").matches) form.querySelector(".all").open = false;
  form.hidden = false;
  shorten();
  part("actions").hidden = false;
  part("pager").hidden = root.querySelectorAll("tbody tr").length < PER_PAGE;
  part("place").textContent = "Page 1";
  part("pager").querySelector('[data-act="previous"]').setAttribute("aria-disabled", "true");
  window.addEventListener("hashchange", fromAddress);
  window.addEventListener("popstate", fromAddress);
  if (location.hash.includes("=")) fromAddress();
  else current = location.href;
})();

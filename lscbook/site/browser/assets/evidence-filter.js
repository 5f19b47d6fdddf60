/* Which findings a view has: columns of words, what is sought in them, and what each filter would leave. */
window.lscFilter = function (data, words) {
  "use strict";
  const { fold, squeeze, singular, words: cut, lexicon, units } = window.lscTools;
  const facets = new Map(data.facets.map(([name, column, label]) => [name, { name, label, ...data.columns[column] }]));
  const value = (column, row) => values(column, row)[0] || "";
  const known = lexicon(words);
  const texts = searchable();
  const orders = sorted();

  function values(column, row) {
    const { words: known, rows } = data.columns[column];
    const found = rows[row];
    return found === 0 ? [] : [].concat(found).map((i) => known[i - 1]);
  }

  function sorted() {
    const strength = data.claims.map((_, row) => row);
    const year = (row) => Number(value("year", row) || 0);
    const author = data.papers.map(([cited]) => fold(cited));
    return {
      strength,
      year: strength.slice().sort((a, b) => year(b) - year(a) || a - b),
      author: strength.slice().sort((a, b) => {
        const [x, y] = [author[data.paper[a]], author[data.paper[b]]];
        return x < y ? -1 : x > y ? 1 : a - b;
      }),
    };
  }

  /* Claim, paper, trials, and every name of every term that the finding names. */
  function searchable() {
    const names = {};
    for (const [facet, kind] of Object.entries(data.kinds)) {
      names[facet] = facets.get(facet).words.map((id) => {
        const forms = [id, ...(words.terms[kind]?.[id] || [])].map(fold);
        return [...forms, ...forms.map(squeeze)].join(" ");
      });
    }
    const papers = data.papers.map(([, told]) => fold(told));
    return data.claims.map((claim, row) => {
      const terms = Object.keys(names).map((facet) =>
        [].concat(facets.get(facet).rows[row] || []).map((i) => names[facet][i - 1]).join(" "),
      );
      return `${fold(claim)} ${papers[data.paper[row]]} ${fold(values("cohort", row).join(" "))} ${terms.join(" ")}`;
    });
  }

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
    if (state.since) {
      const { words: known, rows } = data.columns.added;
      const fits = known.map((day) => day >= state.since);
      made.push({ name: "since", test: (row) => fits[rows[row] - 1] === true });
    }
    if (state.q) {
      const asked = phrases(state.q);
      made.push({ name: "q", test: (row) => asked.every((stands) => stands(texts[row])) });
    }
    return made;
  }

  /* What must all stand in a row, each in one of several ways: a thing under any of its names, a word as it begins, and
     what stands in quotation marks as it is. */
  function phrases(text) {
    return [...text.matchAll(/"([^"]+)"|([^"]+)/g)].flatMap(([, quoted, plain]) =>
      quoted ? [(row) => begins(row, fold(quoted))] : units(cut(plain), known).map(sought));
  }

  function sought({ text, terms }) {
    const names = new Set(terms.flatMap(known.namesOf).map(fold).flatMap((name) => [name, squeeze(name)]));
    const forms = new Set([text, squeeze(text), ...(text.includes(" ") ? [] : [singular(text)])]);
    // of a thing whole names: CD4 is not CD44
    return (row) => [...names].some((name) => begins(row, name, true)) || (!terms.length && [...forms].some((form) => begins(row, form)));
  }

  /* Whether a word of the text begins so, or, where it is `whole`, is so in the singular or plural. */
  function begins(text, form, whole = false) {
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
      const opens = at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]) || !/[\p{L}\p{N}]/u.test(form[0]);
      if (opens && (!whole || !/[\p{L}\p{N}]$/u.test(form) || /^s?(?![\p{L}\p{N}])/u.test(text.slice(at + form.length, at + form.length + 2)))) return true;
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

  return { facets, orders, select };
};

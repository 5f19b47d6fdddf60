/* Which findings a view has: columns of words, what is sought in them, and what each filter would leave. */
window.lscFilter = function (data, words) {
  "use strict";
  const { fold, squeeze } = window.lscTools;
  const facets = new Map(data.facets.map(([name, column, label]) => [name, { name, label, ...data.columns[column] }]));
  const value = (column, row) => values(column, row)[0] || "";
  const synonyms = namesTogether();
  const texts = searchable();
  const orders = sorted();

  function values(column, row) {
    const { words: known, rows } = data.columns[column];
    const found = rows[row];
    return found === 0 ? [] : [].concat(found).map((i) => known[i - 1]);
  }

  /* Every form under which a name stands, by the name squeezed. */
  function namesTogether() {
    const found = new Map();
    for (const kind of Object.values(words))
      for (const [id, names] of Object.entries(kind)) {
        const forms = [id, ...names.slice(1)].map(fold);
        const all = [...forms, ...forms.map(squeeze)];
        for (const name of new Set(forms.map(squeeze))) found.set(name, [...new Set([...(found.get(name) || []), ...all])]);
      }
    return found;
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
        const forms = [id, ...(words[kind]?.[id] || []).slice(1)].map(fold);
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

  return { facets, orders, select };
};

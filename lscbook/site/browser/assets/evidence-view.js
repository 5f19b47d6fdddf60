/* A view as the address says it: filters, years, day of entry, words, sort and page. */
window.lscView = function (filter, data, names, offered) {
  "use strict";
  const { terms, families } = names;
  const { facets, orders } = filter;
  const { kinds } = data;
  const { form } = window.lscTools;

  const empty = () => ({ filters: new Map(), year: null, since: "", q: "", sort: "strength", page: 1, unknown: [] });

  function parse(hash) {
    const state = empty();
    for (const [name, given] of new URLSearchParams(hash.replace(/^#/, ""))) {
      if (!given) continue;
      if (name === "q") state.q = given;
      else if (name === "sort" && Object.hasOwn(orders, given)) state.sort = given;
      else if (name === "page" && /^\d{1,6}$/.test(given)) state.page = Math.max(1, Number(given));
      else if (name === "year" && years(given)) state.year = years(given);
      else if (name === "since" && day(given)) state.since = day(given);
      else {
        const found = facets.has(name) ? resolve(name, given) : [];
        if (!found.length) state.unknown.push([name, given]);
        for (const word of found)
          if (!(state.filters.get(name) || []).includes(word)) state.filters.set(name, [...(state.filters.get(name) || []), word]);
      }
    }
    return state;
  }

  function years(text) {
    const found = /^(\d{4})?([-–])?(\d{4})?$/.exec(text);
    if (!found || !(found[1] || found[3])) return null;
    return found[2] ? [found[1] || "", found[3] || ""] : [found[1], found[1]];
  }

  /* A day as the data write it; of a month or a year its first. */
  function day(text) {
    const found = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(text);
    if (!found) return "";
    const made = [found[1], found[2] || "01", found[3] || "01"].join("-");
    return Number.isNaN(Date.parse(made)) ? "" : made;
  }

  /* What people write for a state of a paper. */
  const spoken = { concern: "expression of concern", unknown: "not asked", preprints: "preprint" };

  /* The words of a filter that a value means: itself, its spelling, the term that it is a name of, or the members of a family. */
  function resolve(facet, given) {
    const known = new Set([...facets.get(facet).words, ...offered(facet)]);
    if (known.has(given)) return [given];
    const own = terms[kinds[facet]] || {};
    if (Object.hasOwn(own, given)) return [given];
    if (facet === "standing" && Object.hasOwn(spoken, given)) return [spoken[given]];
    const same = (text) => form(text) === form(given);
    for (const word of known) if (same(word)) return [word];
    for (const [id, called] of Object.entries(own)) if (called.some(same)) return [id];
    for (const [id, [called, members]] of Object.entries(families)) {
      const fitting = members.filter((member) => member.startsWith(`${kinds[facet]}:`));
      if (fitting.length && [id, ...called].some(same)) return fitting.map((member) => member.slice(member.indexOf(":") + 1));
    }
    return [];
  }

  function address(state) {
    const query = new URLSearchParams();
    for (const name of [...state.filters.keys()].sort()) for (const word of state.filters.get(name)) query.append(name, word);
    if (state.year) query.append("year", state.year[0] === state.year[1] ? state.year[0] : state.year.join("-"));
    if (state.since) query.append("since", state.since);
    if (state.q) query.append("q", state.q);
    if (state.sort !== "strength") query.append("sort", state.sort);
    if (state.page > 1) query.append("page", state.page);
    const text = query.toString();
    return location.href.split(/[?#]/)[0] + (text ? `#${text}` : "");
  }

  /* The view without a word of a filter, or without the whole filter where `word` is null. */
  function without(state, name, word) {
    const next = { ...state, filters: new Map(state.filters), page: 1, unknown: [] };
    if (name === "q") next.q = "";
    else if (name === "year") next.year = null;
    else if (name === "since") next.since = "";
    else {
      const left = word === null ? [] : next.filters.get(name).filter((other) => other !== word);
      if (left.length) next.filters.set(name, left);
      else next.filters.delete(name);
    }
    return next;
  }

  return { empty, parse, address, without };
};

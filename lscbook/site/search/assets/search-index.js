/* The index that the build made: its words in shards, its documents in parts, each brought when a question needs it. */
window.lscSearchIndex = function (base, root, names) {
  "use strict";
  const { load, squeeze, words, pieces } = window.lscTools;
  const { firsts, part, sizes } = root;
  const GROUPS = Object.keys(sizes).sort(); // the order in which the documents are numbered
  const total = GROUPS.reduce((sum, group) => sum + sizes[group], 0);
  const coming = new Map();

  function bring(name) {
    if (!coming.has(name)) {
      const loading = load(base, `../search-parts/${name}.js`).then(() => window.lscSearchParts[name]);
      loading.catch(() => coming.delete(name)); // asked again, it is tried again
      coming.set(name, loading);
    }
    return coming.get(name);
  }

  /* ---- words ---- */

  /* The shards in which words from `low` to `high` stand. */
  function shards(low, high) {
    const found = [];
    for (let n = 0; n < firsts.length; n++)
      if (firsts[n] <= high && (n + 1 === firsts.length || firsts[n + 1] >= low)) found.push(bring(`words-${n}`));
    return Promise.all(found);
  }

  const exactly = async (word) => (await shards(word, word)).map((shard) => (Object.hasOwn(shard, word) ? shard[word] : null)).find(Boolean);
  const beginning = async (start) =>
    (await shards(start, `${start}\uffff`)).flatMap((shard) => Object.entries(shard)).filter(([word]) => word.startsWith(start) && !/[:#]/.test(word));

  /* How many letters must be changed, added or left out; more than `most` is as good as many. */
  function slips(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let above = Array.from({ length: other.length + 1 }, (_, n) => n);
    for (let i = 1; i <= one.length; i++) {
      const row = [i];
      for (let j = 1; j <= other.length; j++)
        row.push(Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1)));
      if (Math.min(...row) > most) return most + 1;
      above = row;
    }
    return above[other.length];
  }

  /* ---- what a question finds: numbers of documents with their weight, and the words by which they were found ---- */

  const nothing = () => ({ weights: new Map(), by: new Set() });

  function add(found, word, postings, share = 1) {
    if (!postings) return found;
    let many = 0;
    for (let n = 1; n < postings.length; n += 2) many += postings[n].length;
    const rarity = share * Math.log(1 + (total - many + 0.5) / (many + 0.5));
    for (let n = 0; n < postings.length; n += 2) {
      let number = 0;
      for (const step of postings[n + 1]) {
        number += step;
        found.weights.set(number, (found.weights.get(number) || 0) + postings[n] * rarity);
      }
    }
    found.by.add(word);
    return found;
  }

  function both(one, other) {
    const [few, many] = one.weights.size < other.weights.size ? [one, other] : [other, one];
    const weights = new Map();
    for (const [number, weight] of few.weights) if (many.weights.has(number)) weights.set(number, weight + many.weights.get(number));
    return { weights, by: new Set([...one.by, ...other.by]) };
  }

  function either(one, other) {
    const weights = new Map(one.weights);
    for (const [number, weight] of other.weights) weights.set(number, (weights.get(number) || 0) + weight);
    return { weights, by: new Set([...one.by, ...other.by]) };
  }

  /* A word of letters as the beginning of another, and with a slip or two: in words that begin alike, so that few shards come. */
  async function loosely(word, found) {
    const most = word.length > 4 ? Math.round(0.2 * word.length) : 0;
    for (const alike of most ? [4, 2] : [word.length]) {
      for (const [other, postings] of await beginning(word.slice(0, alike))) {
        if (other === word) continue;
        const longer = other.startsWith(word);
        const away = longer ? other.length - word.length : slips(word, other, most);
        if (!longer && away > most) continue;
        add(found, other, postings, longer ? (0.375 * other.length) / (other.length + 0.3 * away) : (0.45 * other.length) / (other.length + away));
      }
      if (found.by.size) break;
    }
    return found;
  }

  /* A unit of a question: the documents of its terms under any name, and those that hold its word. */
  async function unit({ text, terms }) {
    const found = nothing();
    for (const term of terms) add(found, term, await exactly(term));
    const word = squeeze(text);
    add(found, word, await exactly(word));
    if (/\d{4}/.test(text)) add(found, word, await exactly(`#${word}`));
    if (!terms.length && !/\d/.test(text) && word.length > 2) await loosely(word, found);
    const inside = words(text).flatMap(pieces);
    // what has several words and is the name of a term was found by that
    if (inside.length > 1 && !text.includes(" ")) {
      const each = await Promise.all(inside.map(async (piece) => add(nothing(), piece, await exactly(piece))));
      return either(found, each.reduce(both));
    }
    return found;
  }

  /* A word that stands nowhere, and the name of a term that is spelt nearly so. */
  async function correct(given) {
    const { text, terms } = given;
    if (terms.length || /\d/.test(text) || text.length < 5) return given;
    const word = squeeze(text);
    if ((await beginning(word)).length) return given;
    const most = Math.round(0.25 * word.length);
    let [best, least] = ["", most + 1];
    for (const name of names.keys()) {
      const away = slips(word, name, Math.min(most, least - 1));
      if (away < least) [best, least] = [name, away];
    }
    return best ? { typed: text, meant: true, text: best, terms: names.get(best) } : given;
  }

  /* What stands under this PMID, DOI or trial number. */
  const numbered = async (id) => add(nothing(), id, await exactly(`#${id}`));

  async function all(units) {
    return (await Promise.all(units.map(unit))).reduce(both);
  }

  async function any(units) {
    return (await Promise.all(units.map(unit))).reduce(either);
  }

  /* ---- documents ---- */

  /* By group, the places in it of what was found, the best first. */
  function ranked({ weights }) {
    const groups = {};
    let start = 0;
    const found = [...weights.keys()].sort((a, b) => weights.get(b) - weights.get(a) || a - b);
    for (const group of GROUPS) {
      const [from, to] = [start, start + sizes[group]];
      groups[group] = found.filter((number) => number >= from && number < to).map((number) => number - from);
      start = to;
    }
    return groups;
  }

  /* The cells of the documents at these places of a group. */
  async function cells(group, places) {
    const wanted = [...new Set(places.map((place) => Math.floor(place / part)))];
    const found = new Map(await Promise.all(wanted.map(async (n) => [n, await bring(`${group}-${n}`)])));
    return places.map((place) => found.get(Math.floor(place / part))[place % part]);
  }

  return { correct, numbered, all, any, ranked, cells };
};

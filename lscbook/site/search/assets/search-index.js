/* The index that the build made: its words in shards, its documents in parts, each brought when a question needs it. */
window.lscSearchIndex = function (base, root, names) {
  "use strict";
  const { load, squeeze, words, pieces, singular, form } = window.lscTools;
  const { firsts, part, places: firstPlace, sizes } = root;
  const GROUPS = Object.keys(sizes).sort(); // the order in which the documents are numbered, entities first
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
    (await shards(start, `${start}\uffff`)).flatMap((shard) => Object.entries(shard)).filter(([word]) => word.startsWith(start) && !/[:#=]/.test(word));

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

  /* ---- what a question finds ---- */

  /* How a document answers a unit of a question, the best first. One that answers better comes before all others. */
  const ABOUT = 0, SAYS = 1, BEGINS = 2, NEARLY = 3, NOT = 4;
  const ABOUT_FROM = 40; // shards.py: from this weight on a document is about a term
  const NAMED_FROM = 8; // naming.py: below it a finding names a term aside
  const FEW = 20;
  const STEP = 1e6; // more than any weights add up to: a score is a weight less a STEP for each rung down
  const rung = (score) => Math.ceil(-score / STEP);

  /* Numbers of documents with their score, and the words by which they were found. */
  const nothing = () => ({ scores: new Map(), by: new Set() });

  /* Postings of one unit share one rarity: of several names of a thing none counts for more than another. */
  const many = (lists) => lists.reduce((sum, list) => sum + list.reduce((n, part, at) => n + (at % 2 ? part.length : 0), 0), 0);
  const rarity = (n) => Math.log(1 + (total - Math.min(n, total) + 0.5) / (Math.min(n, total) + 0.5));

  function add(found, word, postings, rare, down) {
    for (let n = 0; n < postings.length; n += 2) {
      const aside = word.includes(":") && postings[n] < NAMED_FROM;
      const own = postings[n] >= ABOUT_FROM ? ABOUT : aside ? BEGINS : down;
      let number = 0;
      for (const step of postings[n + 1]) {
        number += step;
        const before = found.scores.get(number);
        const least = before === undefined ? own : Math.min(own, rung(before));
        const weight = before === undefined ? 0 : before + rung(before) * STEP;
        found.scores.set(number, weight + postings[n] * rare - least * STEP);
      }
    }
    found.by.add(word);
    return found;
  }

  function both(one, other) {
    const [few, more] = one.scores.size < other.scores.size ? [one, other] : [other, one];
    const scores = new Map();
    for (const [number, score] of few.scores) if (more.scores.has(number)) scores.set(number, score + more.scores.get(number));
    return { scores, by: new Set([...one.by, ...other.by]) };
  }

  /* Each of the other's documents that is new comes a rung below. */
  function and(one, other) {
    for (const [number, score] of other.scores) if (!one.scores.has(number)) one.scores.set(number, score - STEP);
    for (const word of other.by) one.by.add(word);
    return one;
  }

  function either(parts) {
    const scores = new Map();
    for (const { scores: own } of parts) for (const number of own.keys()) scores.set(number, 0);
    for (const number of scores.keys())
      scores.set(number, parts.reduce((sum, part) => sum + (part.scores.get(number) ?? -NOT * STEP), 0));
    return { scores, by: new Set(parts.flatMap((part) => [...part.by])) };
  }

  /* One and many of a word are the same word. */
  const numbers = (word) => [...new Set([word, singular(word), ...(/^[a-z]{3,}$/.test(word) ? [word.endsWith("y") ? `${word.slice(0, -1)}ies` : `${word}s`] : [])])];

  /* A word of letters as the beginning of others; where nothing begins so, with a slip or two. */
  async function loosely(word, found) {
    const longer = word.length > 2 ? (await beginning(word)).filter(([other]) => !numbers(word).includes(other)) : [];
    for (const [other, postings] of longer)
      add(found, other, postings, rarity(many([postings])) * (0.375 * other.length) / (1.3 * other.length - 0.3 * word.length), BEGINS);
    if (found.by.size || word.length < 5) return found;
    const most = Math.round(0.2 * word.length);
    for (const alike of [4, 2]) { // in words that begin alike, so that few shards come
      for (const [other, postings] of await beginning(word.slice(0, alike))) {
        const away = slips(word, other, most);
        if (away <= most) add(found, other, postings, rarity(many([postings])) * (0.45 * other.length) / (other.length + away), NEARLY);
      }
      if (found.by.size) break;
    }
    return found;
  }

  /* A unit of a question: the documents of its things under any name, and those that hold its word. */
  async function unit({ text, terms }) {
    const found = nothing();
    const word = squeeze(text);
    const asked = [...terms, `=${form(text)}`, ...(/\d{4}/.test(text) ? [`#${word}`] : []), ...numbers(word)];
    const known = (await Promise.all(asked.map(async (one) => [one, await exactly(one)]))).filter(([, postings]) => postings);
    const named = rarity(many(known.filter(([one]) => /[:]/.test(one)).map(([, postings]) => postings)));
    for (const [one, postings] of known) add(found, one, postings, one.includes(":") ? named : rarity(many([postings])), SAYS);
    const inside = words(text).flatMap(pieces);
    // what has several words and is the name of a thing was found by that, or by too few
    if (inside.length > 1 && (!text.includes(" ") || (terms.length && found.scores.size < FEW))) {
      const each = await Promise.all(inside.map(async (piece) => {
        const postings = await exactly(piece);
        return postings ? add(nothing(), piece, postings, rarity(many([postings])), SAYS) : nothing();
      }));
      return and(found, each.reduce(both));
    }
    return terms.length || /\d/.test(text) ? found : loosely(word, found);
  }

  /* Whether a word stands somewhere, or begins one. */
  const stands = async (word) => (await beginning(word)).length > 0;

  /* A word that stands nowhere, and the name of a thing that is spelt nearly so. */
  async function correct(given) {
    const { text, terms } = given;
    const word = form(text);
    if (terms.length || /\d/.test(text) || text.length < 5 || await stands(word) || await stands(squeeze(text))) return given;
    const most = Math.round(0.25 * word.length);
    let [best, least] = ["", most + 1];
    for (const name of names.keys()) {
      if (name[0] !== word[0]) continue; // durable is no slip of curable
      const away = slips(word, name, Math.min(most, least - 1));
      if (away < least) [best, least] = [name, away];
    }
    return best ? { typed: text, meant: true, text: best, terms: names.get(best) } : given;
  }

  /* What stands under this PMID, DOI or trial number. */
  async function numbered(id) {
    const postings = await exactly(`#${id}`);
    return postings ? add(nothing(), id, postings, 1, SAYS) : nothing();
  }

  /* What a whole question is the name of. */
  async function headed(whole) {
    const postings = whole ? await exactly(`=${whole}`) : null;
    return postings ? add(nothing(), whole, postings, 1, SAYS) : nothing();
  }

  /* ---- documents ---- */

  /* By group, the places in it of what was found, the best first, and how many rungs down the best stands. Findings that
     answer alike (are about all that is asked, or say it) come in their own order, which is the strongest first. */
  function ranked({ scores }, asked = 1) {
    const alike = (number) => Math.max(rung(scores.get(number)), asked * SAYS);
    const groups = {};
    let start = 0;
    for (const group of GROUPS) {
      const [from, to] = [start, start + sizes[group]];
      const own = [...scores.keys()].filter((number) => number >= from && number < to);
      own.sort(group === "findings"
        ? (a, b) => alike(a) - alike(b) || a - b
        : (a, b) => scores.get(b) - scores.get(a) || a - b);
      groups[group] = { places: own.map((number) => number - from), down: own.length ? rung(scores.get(own[0])) : Infinity };
      start = to;
    }
    return groups;
  }

  /* The things that were asked for by name, the surest first. */
  function things({ scores }) {
    const own = [...scores.keys()].filter((number) => number < sizes.entities && rung(scores.get(number)) === ABOUT);
    return own.sort((a, b) => scores.get(b) - scores.get(a) || a - b);
  }

  const isPlace = (entity) => entity >= firstPlace;

  /* The cells of the documents at these places of a group. */
  async function cells(group, places) {
    const wanted = [...new Set(places.map((place) => Math.floor(place / part)))];
    const found = new Map(await Promise.all(wanted.map(async (n) => [n, await bring(`${group}-${n}`)])));
    return places.map((place) => found.get(Math.floor(place / part))[place % part]);
  }

  return { correct, stands, numbered, headed, unit, both, either, ranked, things, isPlace, nothing, cells, SAYS };
};

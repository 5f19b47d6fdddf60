/* What a question asks for, and in which order it is answered. It knows the index and no page, so that a test can ask it. */
window.lscAsk = function (index, lexicon) {
  "use strict";
  const { fold, squeeze, words, form, units } = window.lscTools;
  const { namesOf, stop } = lexicon;
  const ORDER = ["entities", "findings", "papers", "sections"];
  const NO_PAGE = /^(trials|gene_families):/; // they are answered by findings and papers

  async function ask(question) {
    const whole = question.trim().toLowerCase().replace(/^(pmid:?\s*|https?:\/\/(dx\.)?doi\.org\/|doi:\s*)/, "");
    const numbered = /\d{4}/.test(whole) ? await index.numbered(whole) : null;
    if (numbered?.scores.size) return answer({ asked: [{ text: whole, terms: [] }], found: numbered });
    const asked = words(question);
    if (!asked.length) return answer({ asked: [], found: index.nothing() });
    const saying = asked.filter((word) => !stop.has(word));
    let headed = await index.headed(form(asked.join(" ")));
    if (!headed.scores.size) headed = await index.headed(form(saying.join(" ")));
    const parts = await Promise.all((await people(units(asked, lexicon))).map(async (given) => {
      const unit = await index.correct(given);
      return { unit, found: await index.unit(unit) };
    }));
    const heard = parts.filter(({ found }) => found.scores.size);
    const unheard = parts.filter((part) => !heard.includes(part)).map(({ unit }) => unit.text);
    const found = heard.map((part) => part.found);
    let both = heard.length ? found.reduce(index.both) : index.nothing();
    const all = both.scores.size > 0 || heard.length < 2;
    if (!all) both = index.either(found);
    return answer({ asked: heard.map(({ unit }) => unit), found: both, all, unheard, headed,
      named: heard.filter(({ unit }) => unit.terms.some((term) => !NO_PAGE.test(term))) });
  }

  /* A name and its initials, in either order, are one: Dick JE, JE Dick. */
  async function people(given) {
    const made = [];
    const plain = (unit) => unit && !unit.terms.length;
    const initials = (unit) => plain(unit) && /^[a-z]{1,3}$/.test(unit.text);
    const family = (unit) => plain(unit) && /^\p{L}[\p{L}-]+$/u.test(unit.text);
    for (let at = 0; at < given.length; at++) {
      const [one, next] = [given[at], given[at + 1]];
      let text = "";
      if (family(one) && initials(next)) text = `${one.text} ${next.text}`;
      else if (initials(one) && family(next)) text = `${next.text} ${one.text}`;
      const person = text && await index.stands(squeeze(text));
      made.push(person ? { text, terms: [] } : one);
      if (person) at++;
    }
    return made;
  }

  function answer({ asked, found, all = true, unheard = [], headed, named = [] }) {
    const groups = index.ranked(found, asked.length);
    const heads = headed ? index.things(headed) : [];
    // the thing that the question is the name of, then those that it names, then what answers all of it
    const about = named.flatMap((part) => index.things(part.found));
    // a page that has the name of a thing among its words is no answer to a question on the thing
    const others = groups.entities.places.filter((place) => !named.length || !index.isPlace(place));
    groups.entities.places = [...new Set([...heads, ...about, ...others])];
    return { asked, groups, all, unheard, marks: marksOf(asked, found.by), order: ordered(groups, asked, heads, named, all) };
  }

  const SINGLED = { papers: 2, findings: 4 };

  /* In which order the groups are shown. A thing comes first where it is what is asked for, or the one thing of which
     something is asked; of several, what is said of all of them together. Where the words beside the one thing (an author,
     a year, a topic) stand together in one or two papers alone, these are what is asked for. */
  function ordered(groups, asked, heads, named, all) {
    const exact = ({ down }) => down <= asked.length * index.SAYS;
    const few = Object.entries(SINGLED).every(([name, most]) => groups[name].places.length <= most);
    const singled = all && asked.length > 1 && few && groups.papers.places.length > 0 && exact(groups.papers);
    const first = groups.entities.places.length && (heads.length || (named.length === 1 && !singled)) ? ["entities"] : [];
    let order = ["entities", "findings", "sections", "papers"]; // to plain words the book itself answers before a title
    if (asked.some(({ terms }) => terms.length)) order = named.length > 1 || singled ? ["findings", "papers", ...ORDER] : ORDER;
    // nothing has all words: first what has most of them
    else if (!all) order = [...order].sort((one, other) => groups[one].down - groups[other].down);
    const rest = [...new Set(order)].filter((name) => groups[name].places.length && !first.includes(name));
    return [...first, ...rest.filter((name) => exact(groups[name])), ...rest.filter((name) => !exact(groups[name]))];
  }

  /* Every word to be highlighted: those that matched, and the names of the things that were meant. */
  function marksOf(asked, by) {
    const found = new Set([...by].filter((word) => !/[:=#]/.test(word)));
    for (const unit of asked) for (const term of unit.terms) for (const name of namesOf(term)) found.add(squeeze(fold(name)));
    return found;
  }

  return ask;
};

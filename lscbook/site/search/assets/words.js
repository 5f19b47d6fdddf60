/* Words compared as lscbook/vocabulary/terms.py compares them: one form, lower case, US spelling. */
(function () {
  "use strict";
  const VERB = "(?=e[ds]?(?![a-z])|ers?(?![a-z])|ing|ation|able)";
  /* The rules of lscbook/vocabulary/spelling.py, which says why; tests/spellings.tsv holds both to it. */
  const RULES = [
    ["e", /ae(?<=[a-z]ae)(?=m|c)|ae(?=sth)|ae(?<=pae)(?=d|ni)|ae(?<![a-z]ae)(?=tio)/g],
    ["e", /oe(?=dem|soph|str)|oe(?<=foe)(?=t[aou])|oe(?<=[hn]oe)(?=a|ic)|oe(?<=coe)(?=lia)/g],
    ["or", /our(?<=[aeiou][bdglmnpv]our)|our(?<=ghbour)|our(?<=[aeiou][rn][bcdlm]our)|our(?<=[aeiou]viour)/g],
    ["iz", new RegExp(`is(?<=[a-z][a-z][b-df-hj-np-tv-xz]is)${VERB}`, "g")],
    ["yz", new RegExp(`ys(?<=lys)${VERB}`, "g")],
    ["l", /ll(?<=[aeiou][b-df-hj-np-tv-z][ae]ll)(?=ed|ing|er)|ll(?<=[aeiou][b-df-hj-np-tv-z]{2}[ae]ll)(?=ed|ing|er)/g],
    ["er", /re(?<=[a-z][a-z][bt]re)(?=s?(?![a-z]))/g],
    ["program", /programme(?=s?(?![a-z]))/g],
    ["og", /ogue(?<=[ao]logue)(?=s?(?![a-z]))/g],
    ["ense", /ence(?<=licence|defence|offence)/g],
    ["leuk", /leuc(?=[aeo])/g],
    ["sulf", /sulph/g],
    ["aging", /ageing(?<![a-z]ageing)/g],
    ["artifact", /artefact/g],
    ["enrollment", /enrolment/g],
  ];
  const american = (lower) => RULES.reduce((text, [told, british]) => text.replace(british, told), lower);

  /* 10⁶ becomes 10^6 and never 106; CD34⁺ becomes cd34+. */
  function raised(_all, before, run) {
    const flat = run.normalize("NFKC").replace(/\u2212/g, "-");
    return before && !/^([+-]$|\()/.test(flat) ? `${before}^${flat}` : before + flat;
  }

  function fold(text) {
    const plain = text
      .replace(/([\d)]?)([⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ]+)/g, raised)
      .normalize("NFKC")
      .replace(/[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/g, "-")
      .replace(/[‘’‚‛′]/g, "'")
      .replace(/[“”„‟″]/g, '"')
      .replace(/(\d)[·‧∙⋅](?=\d)/g, "$1.")
      .replace(/([\p{L}\p{N}_])\(([+-])\)/gu, "$1$2")
      .replace(/\s+/g, " ")
      .trim()
      .toLowerCase();
    return american(plain);
  }

  /* CD-123 and CD123 are one; a sign at the end of a marker stays. */
  const squeeze = (folded) => folded.replace(/(?<=[\p{L}\p{N}])[- ](?=[\p{L}\p{N}])/gu, "");

  const words = (text) =>
    fold(text).split(/[^\p{L}\p{N}+\-.^]+/u).map((word) => word.replace(/^[.^]+|[.^]+$/g, "")).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const pieces = (word) => word.split(/[-+]+/).filter(Boolean);
  /* CD-123 is indexed as cd123, cd and 123; CD34+CD38- also as it stands (lscbook/site/search/tokens.py). */
  const forms = (word) => [...new Set([squeeze(word), ...pieces(word)])];
  const tokens = (text) => words(text).flatMap(forms);

  /* A word of letters without the ending of a plural, as tokens.py has it. */
  function singular(word) {
    if (!/^[a-z]{3,}s$/.test(word) || /(ss|us|is|[^i]os)$/.test(word) || (word.length === 4 && word.endsWith("as"))) return word;
    if (word.endsWith("ies") && word.length > 4) return `${word.slice(0, -3)}y`;
    return word.slice(0, /(ss|sh|ch|x|z)es$/.test(word) ? -2 : -1);
  }

  /* The form under which names are compared: del(5q) and del5q are one, cell and cells. */
  const joined = (some) => squeeze(some.map(singular).join(" "));
  const form = (text) => joined(words(text));

  /* What is known of names: the things that a name means, as kind:id; and the words that say nothing. */
  function lexicon({ terms, families, stop }) {
    const means = new Map();
    const add = (name, things) => {
      const key = form(name);
      if (key) means.set(key, [...new Set([...(means.get(key) || []), ...things])]);
    };
    for (const [kind, ids] of Object.entries(terms))
      for (const [id, names] of Object.entries(ids)) for (const name of [id, ...names]) add(name, [`${kind}:${id}`]);
    for (const [id, [names, members]] of Object.entries(families)) for (const name of [id, ...names]) add(name, members);
    const title = (term) => term.slice(term.indexOf(":") + 1);
    const namesOf = (term) => [title(term), ...(terms[term.slice(0, term.indexOf(":"))][title(term)] || [])];
    return { means, namesOf, title, stop: new Set(stop) };
  }

  const LONGEST = 8; // words of a name

  /* Words in units: several that together are a name, or one; words that say nothing are left out where others are. */
  function units(asked, { means, stop }) {
    const made = [];
    for (let at = 0; at < asked.length; ) {
      let length = Math.min(LONGEST, asked.length - at);
      while (length > 1 && !(means.has(joined(asked.slice(at, at + length))) && asked.slice(at, at + length).some((word) => !stop.has(word)))) length--;
      const some = asked.slice(at, at + length);
      if (length > 1 || !stop.has(some[0])) made.push({ text: some.join(" "), terms: means.get(joined(some)) || [] });
      at += length;
    }
    return made.length ? made : asked.map((text) => ({ text, terms: means.get(form(text)) || [] }));
  }

  function load(base, name) {
    const { document } = window;
    return new Promise((done, fail) => {
      const script = document.createElement("script");
      script.src = base + name;
      script.onload = done;
      script.onerror = () => fail(new Error(`${name} could not be loaded`));
      document.head.append(script);
    });
  }

  /* An element; what is given as text stays text. */
  function element(tag, attributes, ...children) {
    const made = window.document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return made;
  }

  window.lscTools = { fold, squeeze, words, pieces, forms, tokens, singular, form, lexicon, units, load, element };
})();

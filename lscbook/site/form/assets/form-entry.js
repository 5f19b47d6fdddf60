/* What an entry must be and how it is written: the rules of `scripts/check.py`, from form-data.js.
   No page here: `lscEntry(data)` gives plain functions over an entry in which every scalar is a string.
   Words are folded as words.js folds them for every page. */
window.lscEntry = function (data) {
  "use strict";

  const whole = (pattern) => new RegExp("^(?:" + pattern + ")$");
  const plain = whole(data.plain);
  const hidden = new RegExp(data.hidden, "u");
  const rules = {};
  for (const [kind, held] of Object.entries(data.rules)) {
    rules[kind] = held.map((rule) => ({
      ...rule, pattern: rule.refused ? new RegExp(rule.pattern) : whole(rule.pattern),
    }));
  }

  /* --- messages --- */

  const together = window.lscTogether(data, (text, values) => fill(text, values), (text) => quoted(text));
  const say = (name, values) => fill(data.messages[name], values);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));

  /* A word in quotes, as Python shows it. */
  function quoted(given) {
    const text = given.length <= 80 ? given : given.slice(0, 79) + "…";
    const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
    return mark + text.replace(/\\/g, "\\\\").replace(/'/g, mark === "'" ? "\\'" : "'") + mark;
  }

  /* The first rule of its kind that a text breaks, as a message, or "". */
  function fault(kind, text) {
    for (const rule of rules[kind]) {
      const match = rule.pattern.exec(text);
      if (Boolean(match) === Boolean(rule.refused)) {
        return fill(rule.message, { value: quoted(text), match: match ? quoted(match[0].slice(0, 40)) : "" });
      }
    }
    return kind === "ORCID" && text.slice(-1) !== checkDigit(text) ? say("ORCID_DIGIT", { value: quoted(text) }) : "";
  }

  /* Where a message parts into what was found and how to mend it: at the first `; ` outside of quotes. */
  function parting(message) {
    const marks = /(^|[\s([:])('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|; /g;
    for (let mark = marks.exec(message); mark; mark = marks.exec(message)) {
      if (mark[0] === "; ") return mark.index;
    }
    return -1;
  }

  /* ISO 7064 MOD 11-2. */
  function checkDigit(orcid) {
    let total = 0;
    for (const digit of orcid.replace(/-/g, "").slice(0, -1)) total = (total + Number(digit)) * 2;
    const check = (12 - (total % 11)) % 11;
    return check === 10 ? "X" : String(check);
  }

  /* --- words of the vocabulary --- */

  const { fold } = window.lscTools;
  const forms = {}; // kind -> folded form -> ids
  for (const [kind, terms] of Object.entries(data.words)) {
    forms[kind] = new Map();
    for (const [id, others] of Object.entries(terms)) {
      for (const form of new Set([id, ...others].map(fold))) forms[kind].set(form, [...(forms[kind].get(form) || []), id]);
    }
  }

  const tidy = (text) => text.trim().replace(/\s+/g, " ");
  const has = (kinds, word) => kinds.some((kind) => Object.hasOwn(data.words[kind], word));

  /* The ids that a word names by id, name or synonym. */
  function named(kinds, word) {
    const wanted = fold(word);
    return [...new Set(kinds.flatMap((kind) => forms[kind].get(wanted) || []))];
  }

  /* The three ids nearest to a mistyped word: Ratcliff and Obershelp, as Python's difflib. */
  function near(kinds, word) {
    const ids = [...new Set(kinds.flatMap((kind) => Object.keys(data.words[kind])))];
    const rated = ids.map((id) => [id.length + word.length ? 2 * matching(id, word) / (id.length + word.length) : 1, id]);
    return rated.filter(([rate]) => rate >= 0.6)
      .sort(([a, x], [b, y]) => b - a || (x < y ? 1 : -1)).slice(0, 3).map(([, id]) => id);
  }

  function matching(a, b) {
    let best = 0, inA = 0, inB = 0;
    for (let i = 0; i < a.length; i++) {
      for (let j = 0; j < b.length; j++) {
        let size = 0;
        while (i + size < a.length && j + size < b.length && a[i + size] === b[j + size]) size++;
        if (size > best) [best, inA, inB] = [size, i, j];
      }
    }
    if (!best) return 0;
    return best + matching(a.slice(0, inA), b.slice(0, inB)) + matching(a.slice(inA + best), b.slice(inB + best));
  }

  function noTerm(kinds, word) {
    const meant = named(kinds, word).length ? named(kinds, word) : near(kinds, word);
    const files = kinds.map((kind) => "data/vocabulary/" + kind + ".yaml").join(" or ");
    const remedy = meant.length ? say("MEANT", { near: meant.join(", ") }) : say("CHOOSE", { files });
    return say("NO_TERM", { value: quoted(word), remedy });
  }

  /* --- what is wrong with an entry --- */

  const hint = (field) => (field.example ? field.help.replace(/\.+$/, "") + ", as " + field.example : field.help);
  const fieldsOf = (theme) => [...data.common, ...data.themes[theme].fields];

  /* Every fault of an entry as {field, found, remedy}; `paper` is its record, where the corpus has it. */
  function problems(entry, paper) {
    const found = [];
    const tell = (field, message, help, code) => {
      const cut = parting(message);
      found.push(cut < 0 ? { field, found: message, remedy: help || "see CONTRIBUTING.md", code }
        : { field, found: message.slice(0, cut), remedy: message.slice(cut + 2), code });
    };
    const unknown = (name, field, term) => tell(name, noTerm(field.vocabularies, term), "", "vocabulary");
    const kept = (kind, name, text, field) => {
      const message = fault(kind, text);
      if (message) tell(name, message, field.help);
      return !message;
    };

    /* `counted`: true for a counted finding, false for context, undefined where that makes no difference. */
    function table(list, object, place, counted) {
      for (const field of list) {
        const name = place + field.name, must = field.required || (counted && field.counted);
        if (!(field.name in object)) {
          if (must) tell(name, say("MISSING", { help: hint(field) }));
        } else if (counted === false && ["direction", "reason"].includes(field.name)) {
          tell(name, say("OF_CONTEXT", {}));
        } else if (must && Array.isArray(object[field.name]) && !object[field.name].length) {
          tell(name, say("EMPTY", { help: hint(field) }));
        } else value(field, object[field.name], name);
      }
    }

    /* What nobody sees and every tool reads: told where it stands. */
    function unseen(given, name) {
      if (Array.isArray(given)) return given.forEach((item, i) => unseen(item, name + "[" + (i + 1) + "]"));
      if (typeof given === "object") return Object.entries(given).forEach(([key, item]) => unseen(item, name ? name + "." + key : key));
      const at = given.search(hidden);
      if (at < 0) return undefined;
      const code = given.codePointAt(at).toString(16).toUpperCase().padStart(4, "0");
      return tell(name, say("UNSEEN", { code, column: [...given.slice(0, at)].length + 1 }));
    }

    function value(field, given, name) {
      const each = (check) => given.forEach((item, i) => check(item, name + "[" + (i + 1) + "]"));
      const word = (item, at) => {
        if (!field.allowed.includes(item)) {
          tell(at, say("NO_WORD", { value: quoted(item), allowed: field.allowed.join(", ") }));
        }
      };
      const term = (item, at) => {
        if (kept("text", at, item, field) && !has(field.vocabularies, item)) unknown(at, field, item);
      };
      const text = (kind) => (item, at) => kept(kind, at, item, field);
      switch (field.type) {
        case "word": return word(given, name);
        case "words": return each(word);
        case "term": return term(given, name);
        case "terms": return each(term);
        case "texts": return each(text("text"));
        case "counts": return each(text("count"));
        case "ORCIDs": return each(text("ORCID"));
        case "pairs": return each((item, at) => pair(field, item, at));
        case "couples": return each((item, at) => couple(field, item, at));
        case "populations": return Object.entries(given).forEach(([who, level]) => word(level, name + "." + who));
        case "interval":
          each(text("number"));
          for (let i = given.length; i < 2; i++) tell(name + "[" + (i + 1) + "]", say("MISSING", { help: hint(field) }));
          return undefined;
        case "effect": case "contrast": case "support": {
          const before = found.length;
          table(data.nested[field.type], given, name + ".");
          if (found.length === before && field.type === "effect") interval(field, given, name);
          if (found.length === before && field.type === "support") place(field, given, name);
          return undefined;
        }
        default: return kept(field.type, name, given, field);
      }
    }

    /* The first before the second, in so many patients. */
    function pair(field, given, name) {
      if (![2, 3].includes(given.length)) return tell(name, say("NO_PAIR", {}), field.help);
      const [first, then, n] = given;
      const kinds = [["text", "first", first], ["text", "then", then], ...(n === undefined ? [] : [["count", "n", n]])];
      return ofTwo(field, name, kinds, "PAIR_OF_ONE");
    }

    /* Two that exclude each other, in no order. */
    function couple(field, given, name) {
      if (given.length !== 2) return tell(name, say("NO_COUPLE", {}), field.help);
      const [one, other] = given;
      return ofTwo(field, name, [["text", "one", one], ["text", "other", other]], "COUPLE_OF_ONE");
    }

    /* Texts, then two, then terms. */
    function ofTwo(field, name, kinds, ofOne) {
      if (kinds.filter(([kind, part, text]) => !kept(kind, name + "." + part, text, field)).length) return undefined;
      const [one, other] = kinds.map(([, , text]) => text);
      if (tidy(one) === tidy(other)) return tell(name, say(ofOne, { value: quoted(tidy(one)) }), field.help);
      return [one, other].forEach((term) => {
        if (!has(field.vocabularies, term)) unknown(name, field, term);
      });
    }

    function interval(field, { value: middle, ci }, name) {
      // told as read: with the minus of a keyboard
      const [value, low, high] = [middle, ...(ci || [middle, middle])].map((text) => text.replace("−", "-"));
      if (!(Number(low) <= Number(value) && Number(value) <= Number(high))) {
        tell(name, say("OUTSIDE", { value, low, high }), field.help);
      }
    }

    function place(field, support, name) {
      const sentences = support.sentences || [];
      if (!sentences.length && support.title !== "true" && !support.full_text) tell(name, say("NO_PLACE", {}));
      if (new Set(sentences).size < sentences.length) tell(name, say("SENTENCE_TWICE", {}), field.help);
      for (const number of paper ? sentences : []) {
        const length = paper.sentences || 0;
        if (Number(number) > length) {
          tell(name + ".sentences", say("BEYOND", { number, length, key: paper.pmid || paper.doi }));
        }
      }
    }

    unseen(entry, "");
    table(data.entry, entry, "");
    for (const name of ["curators", "reviewers"]) {
      const people = entry[name] || [], twice = people.filter((who, i) => people.indexOf(who) < i).sort();
      if (people.length > data.people) tell(name, say("TOO_MANY", { number: people.length, most: data.people }));
      else if (twice.length) tell(name, say("PEOPLE_TWICE", { who: twice[0] }));
    }
    const numbers = new Set();
    if (("pmid" in entry) === ("doi" in entry)) tell("file", say("ONE_IDENTITY", {}));
    const both = (entry.reviewers || []).filter((who) => (entry.curators || []).includes(who));
    if (both.length) tell("file", say("OWN_READER", { who: both.sort().join(", ") }));
    (entry.findings || []).forEach((finding, i) => {
      const at = "findings[" + (i + 1) + "]";
      if (!Object.hasOwn(data.themes, finding.theme || "")) {
        const allowed = data.common.find((field) => field.name === "theme").allowed.join(", ");
        const given = finding.theme ? quoted(finding.theme) + " is no theme" : "no theme";
        return tell(at + ".theme", say("NO_THEME", { value: given, allowed }));
      }
      const before = found.length;
      table(fieldsOf(finding.theme), finding, at + ".", finding.role !== "context");
      if (found.length === before && ("n" in finding) !== ("n_unit" in finding)) tell(at, say("UNIT_WITH_NUMBER", {}));
      if (numbers.has(finding.id)) tell(at + ".id", say("ID_TWICE", { value: quoted(finding.id) }));
      numbers.add(finding.id);
      const alone = found.slice(before).some((problem) => problem.code !== "vocabulary");
      for (const [field, message] of alone ? [] : together.faults(finding, paper)) tell(at + "." + field, message);
      if (entry.read === "abstract" && finding.rating) tell(at + ".rating", say("RATED_ABSTRACT", {}));
      return undefined;
    });
    return found;
  }

  /* --- the file --- */

  const slug = (text) => text.normalize("NFKD").replace(/[\u0080-\uffff]/g, "").toLowerCase()
    .replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");

  function fileName({ author, year, key }) {
    return [slug(author || "") || "unknown", year || "undated", slug(key || "")].join("-") + ".yaml";
  }

  function flow(item) {
    if (Array.isArray(item)) return "[" + item.map(flow).join(", ") + "]";
    if (typeof item === "object") return "{" + Object.entries(item).map(([k, v]) => k + ": " + flow(v)).join(", ") + "}";
    if (plain.test(item)) return item;
    const safe = item.replace(/["\\]/g, "\\$&").replace(/[\u{10000}-\u{10ffff}]/gu,
      (sign) => "\\U" + sign.codePointAt(0).toString(16).toUpperCase().padStart(8, "0"));
    return '"' + safe + '"';
  }

  const ordered = (object, list) => list.map((field) => field.name).filter((name) => name in object);

  /* Words in lines of at most `width` characters. */
  function wrapped(text, width) {
    const lines = [];
    let line = "";
    for (const word of text.split(" ")) {
      const longer = line ? line + " " + word : word;
      if (line && [...longer].length > width) {
        lines.push(line);
        line = word;
      } else {
        line = longer;
      }
    }
    return [...lines, line];
  }

  /* The entry in canonical form, as `check.py --fix` writes it. */
  function yaml(entry) {
    const lines = ordered(entry, data.entry).map((name) => name + ": " + flow(entry[name]));
    lines.push("findings:");
    for (const finding of entry.findings) {
      const table = data.themes[finding.theme] ? fieldsOf(finding.theme) : data.common;
      const names = [...ordered(finding, table).filter((name) => name !== "support"), ...("support" in finding ? ["support"] : [])];
      names.forEach((name, i) => {
        const start = (i ? "    " : "  - ") + name + ":";
        const field = table.find((f) => f.name === name);
        const inner = data.nested[field.type];
        const value = inner ? Object.fromEntries(ordered(finding[name], inner).map((n) => [n, finding[name][n]])) : finding[name];
        if (data.folded.includes(name)) lines.push(start + " >-", ...wrapped(value, data.width - 6).map((l) => "      " + l));
        else if (name === "support") lines.push(start, ...Object.entries(value).map(([n, v]) => "      " + n + ": " + flow(v)));
        else lines.push(start + " " + flow(value));
      });
    }
    return lines.join("\n") + "\n";
  }

  /* --- what people paste --- */

  const address = new RegExp(data.pasted.ADDRESS, "i"), label = new RegExp(data.pasted.LABEL, "i");
  const person = new RegExp(data.pasted.ORCID_ADDRESS, "i");

  /* What a person gave as PMID or DOI, bare. */
  function bare(given) {
    let text = given.trim();
    if (address.test(text)) {
      text = text.replace(address, "").split(/[?#]/)[0];
      try { text = decodeURIComponent(text); } catch { /* as it was */ }
    }
    text = text.replace(label, "").replace(/\/+$/, "").trim();
    return text.startsWith("10.") ? text.toLowerCase() : text;
  }

  /* An ORCID id within its address. */
  function bareOrcid(given) {
    const text = given.trim();
    return person.test(text) ? text.replace(person, "").replace(/\/+$/, "").toUpperCase() : text;
  }

  return { bare, bareOrcid, fault, fieldsOf, fileName, named, problems, proposition: window.lscProposition(data).of, say, yaml };
};

/* What an entry must be and how it is written: the rules of `scripts/check.py`, from form-data.js.
   No page here: `lscEntry(data)` gives plain functions over an entry in which every scalar is a string. */
window.lscEntry = function (data) {
  "use strict";

  const whole = (pattern) => new RegExp("^(?:" + pattern + ")$");
  const plain = whole(data.plain);
  const rules = {};
  for (const [kind, held] of Object.entries(data.rules)) {
    rules[kind] = held.map((rule) => ({
      ...rule, pattern: rule.refused ? new RegExp(rule.pattern) : whole(rule.pattern),
    }));
  }

  /* --- messages --- */

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

  const spelling = Object.entries(data.spelling);
  function fold(text) {
    let flat = text.normalize("NFKC").replace(/[\u2010-\u2015\u2212]/g, "-").replace(/\s+/g, " ").trim().toLowerCase();
    for (const [british, american] of spelling) flat = flat.split(british).join(american);
    return flat;
  }

  const has = (kinds, word) => kinds.some((kind) => Object.hasOwn(data.words[kind], word));

  /* The ids that a word names by id, name or synonym. */
  function named(kinds, word) {
    const wanted = fold(word);
    const ids = kinds.flatMap((kind) => Object.entries(data.words[kind]).filter(
      ([id, others]) => [id, ...others].some((form) => fold(form) === wanted)).map(([id]) => id));
    return [...new Set(ids)];
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
    const tell = (field, message, help) => {
      const cut = parting(message);
      found.push(cut < 0 ? { field, found: message, remedy: help || "see CONTRIBUTING.md" }
        : { field, found: message.slice(0, cut), remedy: message.slice(cut + 2) });
    };
    const kept = (kind, name, text, field) => {
      const message = fault(kind, text);
      if (message) tell(name, message, field.help);
      return !message;
    };

    function table(list, object, place) {
      for (const field of list) {
        const name = place + field.name;
        if (field.name in object) value(field, object[field.name], name);
        else if (field.required) tell(name, say("MISSING", { help: hint(field) }));
      }
    }

    function value(field, given, name) {
      const each = (check) => given.forEach((item, i) => check(item, name + "[" + (i + 1) + "]"));
      const word = (item, at) => {
        if (!field.allowed.includes(item)) {
          tell(at, say("NO_WORD", { value: quoted(item), allowed: field.allowed.join(", ") }));
        }
      };
      const term = (item, at) => {
        if (kept("text", at, item, field) && !has(field.vocabularies, item)) tell(at, noTerm(field.vocabularies, item));
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
        case "populations": return Object.entries(given).forEach(([who, level]) => word(level, name + "." + who));
        case "interval":
          each(text("number"));
          for (let i = given.length; i < 2; i++) tell(name + "[" + (i + 1) + "]", say("MISSING", { help: hint(field) }));
          return undefined;
        case "effect": case "support": {
          const before = found.length;
          table(data.nested[field.type], given, name + ".");
          if (found.length === before) (field.type === "effect" ? interval : place)(field, given, name);
          return undefined;
        }
        default: return kept(field.type, name, given, field);
      }
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

    table(data.entry, entry, "");
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
      table(fieldsOf(finding.theme), finding, at + ".");
      if (("n" in finding) !== ("n_unit" in finding)) tell(at, say("UNIT_WITH_NUMBER", {}));
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

  /* What a person gave as PMID or DOI, bare. */
  function bare(given) {
    const text = given.trim().replace(/\/+$/, "")
      .replace(/^(pmid:?\s*|doi:?\s*|https?:\/\/(dx\.)?doi\.org\/|https?:\/\/pubmed\.ncbi\.nlm\.nih\.gov\/)/i, "");
    return text.startsWith("10.") ? text.toLowerCase() : text;
  }

  return { bare, fault, fieldsOf, fileName, named, problems, say, yaml };
};

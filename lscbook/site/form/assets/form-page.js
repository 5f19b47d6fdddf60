/* The form of the page "Contribute": questions from the table of fields, messages of `check`, a file.
   Everything is built of text nodes; nothing that somebody typed is ever read as HTML. */
window.lscForm = function (form, load) {
  "use strict";
  const { document } = window;

  const DRAFT = "lsc-evidence-draft";
  const byId = (id) => document.getElementById(id);
  const key = byId("entry-key");
  const data = window.lscFormData;
  const rules = window.lscEntry(data);
  const left = new Set(); // fields that a person has been in and left: only they show their faults
  const drafts = window.lscDraft(data);
  let paper = null, places = new Map(), tried = false;
  let { state, lost } = drafts.read(stored());

  /* The paper of the key, from its part of the corpus. */
  async function find() {
    const wanted = rules.bare(state.key);
    let number = 0;
    for (const letter of wanted) number = (number * 31 + letter.codePointAt(0)) % data.parts;
    let papers = {};
    if (wanted) {
      try {
        await load("../form-papers/" + number + ".js");
        papers = window.lscFormPapers;
      } catch { /* as if the corpus did not have it */ }
    }
    if (wanted !== rules.bare(state.key)) return; // typed on meanwhile
    paper = Object.hasOwn(papers, wanted) ? papers[wanted] : null;
    if (wanted) left.add("key");
    settle(paper ? paper.pmid || paper.doi : wanted);
    drawPaper(wanted);
    drawNamed();
    refresh();
  }

  /* Answers are of one paper: those of another are put aside, and come back with its number. */
  function settle(wanted) {
    if (!wanted || identityFault(wanted) || wanted === state.about) return;
    const last = state.about, back = drafts.move(state, wanted);
    if (last || back) {
      tried = false;
      left.clear();
      left.add("key");
      drawAbout();
      drawRest();
    }
    const told = byId("entry-aside");
    if (Object.hasOwn(state.aside, last)) {
      told.replaceChildren("What you wrote for " + last + " is put aside, and comes back with its number. ", back ? "" : button("It is of this paper", () => {
        Object.assign(state, state.aside[last], { author: state.author, year: state.year });
        delete state.aside[last];
        byId("entry-aside").replaceChildren();
        drawAbout();
        drawRest();
        drawPaper(wanted);
        refresh();
        byId("entry-rest").querySelector("select, input").focus();
      }, { id: "entry-carry" }));
    } else told.replaceChildren(back ? "What you had written for this paper is here again." : "");
  }

  /* While another number is typed, the paper that was found is not its paper. */
  function leave() {
    const wanted = rules.bare(state.key);
    if (!paper || [paper.pmid, paper.doi].includes(wanted)) return;
    paper = null;
    drawPaper("");
    drawNamed();
  }

  /* --- a draft outlives a reload, where the browser lets it --- */

  function stored() {
    try { return localStorage.getItem(DRAFT) || ""; } catch { return ""; }
  }

  function keep() {
    if (!state.key && !drafts.answered(state.findings[0])) return;
    try { localStorage.setItem(DRAFT, JSON.stringify(state)); } catch { /* a private window */ }
  }

  function forget() {
    if (!window.confirm("Clear everything that you have typed?")) return;
    try { localStorage.removeItem(DRAFT); } catch { /* there was none */ }
    [state, lost, paper, tried, key.value] = [drafts.blank(), [], null, false, ""];
    left.clear();
    drawPaper("");
    byId("entry-aside").replaceChildren();
    drawAbout();
    drawRest();
    key.focus();
  }

  /* --- elements --- */

  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }

  const button = (text, onclick, attributes = {}) => make("button", { type: "button", class: "entry-button", onclick, ...attributes }, text);
  const idOf = (name) => "entry-" + name.replace(/[^a-z0-9]+/gi, "-").replace(/-+$/, "");
  const labelOf = (field, must) => {
    const text = field.name.replace(/_/g, " ");
    return must ? [text, make("span", { class: "required" }, " required")] : [text];
  };

  const NESTED = ["effect", "contrast", "support"];
  const GROUPS = ["words", "populations", "interval", "pairs", "couples", ...NESTED];

  /* What a field is for, with an example as one would type it here. */
  function helpOf(field) {
    const many = ["texts", "ORCIDs"].includes(field.type) ? " One a line." : "";
    const group = GROUPS.includes(field.type);
    return field.help + many + (field.example && !group ? " Example: " + field.example.replace(/[[\]]/g, "") : "");
  }

  /* A field with label, help and the place of its fault; `name` is how messages call it. */
  function question(field, name, holder, must = field.required) {
    const group = GROUPS.includes(field.type);
    const id = idOf(name);
    const help = make("p", { class: "help", id: id + "-help" }, helpOf(field));
    const fault = make("p", { class: "fault", id: id + "-fault" });
    const described = { "aria-describedby": id + "-help " + id + "-fault" };
    const set = (value) => { holder[field.name] = value; refresh(); };
    const input = answer(field, name, holder, id, described, set, must);
    const box = group
      ? make("fieldset", { class: "field", id, tabindex: "-1", ...described }, make("legend", {}, ...labelOf(field, must)), help, input, fault)
      : make("div", { class: "field" }, make("label", { for: id }, ...labelOf(field, must)), help, input, fault);
    box.addEventListener("focusout", (event) => {
      if (!box.contains(event.relatedTarget)) { left.add(name); refresh(); }
    });
    places.set(name, { fault, box, target: () => (group ? box : byId(id)), label: field.name });
    return box;
  }

  /* What a field is answered with, by its type. */
  function answer(field, name, holder, id, described, set, must) {
    const now = holder[field.name];
    const common = { id, ...described, autocomplete: "off" };
    const onText = (read) => ({ oninput: (event) => set(read(event.target.value)) });
    const filled = (element, text) => Object.assign(element, { value: text || "" });
    const lines = (text) => text.split("\n").map(tidy).filter(Boolean);
    const people = (text) => text.split(/[\n,;]/).map(rules.bareOrcid).filter(Boolean);
    switch (field.type) {
      case "word":
        return select(field.allowed, now, { ...common, onchange: (event) => set(event.target.value) });
      case "words":
        return boxes(field, id, now || [], set);
      case "term":
        return filled(make("input", { ...common, list: wordList(field.vocabularies),
          oninput: (event) => set(event.target.value),
          onchange: (event) => { event.target.value = meant(field, event.target.value); set(event.target.value); } }), now);
      case "terms":
        return chips(field, common, now || [], set);
      case "ORCIDs":
        return filled(make("textarea", { ...common, rows: "2", ...onText(people),
          onchange: (event) => { event.target.value = people(event.target.value).join("\n"); } }), (now || []).join("\n"));
      case "pairs":
        return pairs(field, id, now || [], set, ["earlier", "later", "patients"]);
      case "couples":
        return pairs(field, id, now || [], set, ["one", "other"]);
      case "texts":
        return filled(make("textarea", { ...common, rows: "2", ...onText(lines) }), (now || []).join("\n"));
      case "counts":
        return filled(make("input", { ...common, inputmode: "numeric", ...onText((text) => text.split(/[\s,;[\]]+/).filter(Boolean)) }), (now || []).join(", "));
      case "flag":
        return Object.assign(make("input", { ...common, type: "checkbox", onchange: (event) => set(event.target.checked ? "true" : "") }), { checked: now === "true" });
      case "interval":
        return pair(id, now || ["", ""], set);
      case "populations":
        return make("div", { class: "entry-row" }, ...data.populations.map((who, i) => make("div", {},
          make("label", { for: id + "-" + i }, who),
          select(field.allowed, (now || {})[who], { id: id + "-" + i, onchange: (event) => set({ ...holder[field.name], [who]: event.target.value }) }))));
      case "effect": case "contrast": case "support": {
        const inner = holder[field.name] = now || {};
        const asked = (f) => f.required && field.type !== "effect" && must;
        return make("div", { class: field.type === "support" ? "" : "entry-row" },
          ...data.nested[field.type].filter((f) => f.type !== "grounding").map((f) => question(f, name + "." + f.name, inner, asked(f))));
      }
      default:
        return data.folded.includes(field.name)
          ? filled(make("textarea", { ...common, rows: "4", ...onText(tidy) }), now)
          : filled(make("input", { ...common, ...onText(tidy) }), now);
    }
  }

  const tidy = (text) => text.trim().replace(/\s+/g, " ");

  function select(allowed, now, attributes) {
    const options = ["", ...allowed].map((word) => make("option", { value: word, selected: word === now }, word || "–"));
    return make("select", attributes, ...options);
  }

  function boxes(field, id, chosen, set) {
    const all = field.allowed.map((word, i) => {
      const box = Object.assign(make("input", { type: "checkbox", id: id + "-" + i, value: word }), { checked: chosen.includes(word) });
      return make("span", { class: "choice" }, box, make("label", { for: id + "-" + i }, word));
    });
    const group = make("div", { class: "entry-row" }, ...all);
    group.addEventListener("change", () => set([...group.querySelectorAll("input:checked")].map((box) => box.value)));
    return group;
  }

  function pair(id, now, set) {
    const ends = ["lower", "upper"].map((word, i) => {
      const input = make("input", { id: id + "-" + i, inputmode: "decimal", autocomplete: "off" });
      input.value = now[i] || "";
      return [make("label", { for: id + "-" + i }, word), input];
    });
    const group = make("div", { class: "entry-row ends" }, ...ends.map((end) => make("div", {}, ...end)));
    group.addEventListener("input", () => set(ends.map(([, input]) => tidy(input.value))));
    return group;
  }

  /* Pairs, each on a line of its own with its parts: two terms, and perhaps a number; the last line is empty. */
  function pairs(field, id, given, set, parts) {
    const rows = make("div", {});
    const read = () => [...rows.children].map((row) => [...row.querySelectorAll("input")].map((input) => tidy(input.value)))
      .filter((row) => row.some(Boolean)).map(([first, then, n]) => (n ? [first, then, n] : [first, then]));
    function add(pair) {
      const number = rows.children.length;
      rows.append(make("div", { class: "entry-row" }, ...parts.map((word, i) => {
        const at = id + "-" + number + "-" + i, term = i < 2;
        const input = make("input", { id: at, autocomplete: "off", ...(term ? { list: wordList(field.vocabularies) } : { inputmode: "numeric" }) });
        input.value = pair[i] || "";
        if (term) input.addEventListener("change", () => { input.value = meant(field, input.value); set(read()); });
        return make("div", {}, make("label", { for: at }, word + (i < 2 ? "" : ", where told")), input);
      })));
    }
    for (const pair of given) add(pair);
    if (!given.length) add([]);
    rows.addEventListener("input", () => set(read()));
    return make("div", {}, rows, button("Another pair", () => {
      add([]);
      rows.lastElementChild.querySelector("input").focus();
    }, { id: id + "-add" }));
  }

  /* Words chosen one by one; a synonym becomes its id, an unknown word stays and gets its message. */
  function chips(field, common, chosen, set) {
    const list = make("ul", { class: "chips" });
    const input = make("input", { ...common, list: wordList(field.vocabularies), placeholder: "type a word, then Enter" });
    const draw = () => list.replaceChildren(...chosen.map((word) => make("li", {}, word, " ", button("×", () => {
      chosen = chosen.filter((other) => other !== word);
      set(chosen);
      draw();
      input.focus();
    }, { "aria-label": "Remove " + word }))));
    const add = () => {
      const words = input.value.split(/[;\n]/).map((word) => meant(field, word)).filter((word) => word && !chosen.includes(word));
      input.value = "";
      if (!words.length) return;
      chosen = [...chosen, ...words];
      set(chosen);
      draw();
    };
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); add(); }
    });
    input.addEventListener("change", add);
    draw();
    return make("div", {}, input, list);
  }

  const meant = (field, word) => (word.trim() ? rules.named(field.vocabularies, word)[0] || tidy(word) : "");

  /* One list of suggestions for each set of vocabularies, by id and by synonym. */
  function wordList(kinds) {
    const id = "entry-words-" + kinds.join("-");
    if (!byId(id)) {
      const options = kinds.flatMap((kind) => Object.entries(data.words[kind])).flatMap(([word, others]) => [
        make("option", { value: word }, others.join(", ")), ...others.map((other) => make("option", { value: other }, "→ " + word))]);
      form.append(make("datalist", { id }, ...options));
    }
    return id;
  }

  /* --- the parts of the form --- */

  function drawPaper(wanted) {
    const known = Object.hasOwn(data.known, wanted) ? data.known[wanted] : "";
    const shown = [];
    if (paper) {
      const who = [paper.author, paper.year].filter(Boolean).join(" ");
      shown.push(make("p", { class: "paper" }, make("strong", {}, paper.title), make("br", {}), who + ". ", make("i", {}, paper.journal || ""),
        paper.standing ? make("span", { class: "standing" }, paper.standing) : ""));
      if (paper.sentences) shown.push(make("p", { class: "help" }, "We count " + paper.sentences + " sentences in its abstract."));
    }
    if (paper && paper.excluded) {
      const { date, reason, note } = paper.excluded;
      shown.push(make("p", { id: "entry-excluded", class: "fault" }, "Our screening left this paper out on " + date + ": " + reason + (note ? " (" + note + ")" : "")
        + ". An entry of it is refused until its line in data/screening/decisions.tsv says include: tell in your pull request why it should."));
    }
    if (known && data.repository) {
      shown.push(make("p", {}, make("a", { href: data.repository + "/edit/main/data/evidence/" + known }, "Edit " + known + " on GitHub")));
    }
    byId("entry-paper").replaceChildren(...shown);
    const unknown = Boolean(wanted) && !paper && !identityFault(wanted);
    byId("entry-typed").hidden = !unknown;
  }

  function identityFault(wanted) {
    return wanted.startsWith("10.") ? rules.fault("DOI", wanted) : rules.fault("PMID", wanted);
  }

  function drawAbout() {
    const about = byId("entry-aside");
    const told = about ? [...about.childNodes] : [];
    for (const name of [...places.keys()]) if (!name.startsWith("findings")) places.delete(name);
    places = new Map([["key", { fault: byId("entry-key-fault"), box: key.parentElement, target: () => key, label: "PMID or DOI" }], ...places]);
    const typed = make("div", { id: "entry-typed", hidden: true },
      make("p", { class: "help" }, "The corpus of this site does not have it: tell first author and year, for the name of the file. The check says that it is not in the corpus until a maintainer has fetched its record."),
      make("div", { class: "entry-row" }, ...[["author", "First author, family name"], ["year", "Year"]].map(([name, text]) => {
        const input = make("input", { id: "entry-" + name, autocomplete: "off", oninput: (event) => { state[name] = tidy(event.target.value); refresh(); } });
        input.value = state[name] || "";
        return make("div", { class: "field" }, make("label", { for: "entry-" + name }, text), input);
      })));
    const asked = data.entry.filter((field) => ["read", "curators", "added"].includes(field.name));
    byId("entry-about").replaceChildren(make("p", { id: "entry-aside", class: "help", role: "status" }, ...told), typed, ...asked.map((field) => question(field, field.name, state)));
  }

  function drawRest() {
    for (const name of [...places.keys()]) if (name.startsWith("findings")) places.delete(name);
    const findings = state.findings.map((finding, i) => drawFinding(finding, i));
    const preview = make("pre", { id: "entry-yaml", tabindex: "0", role: "region", "aria-label": "The file, as text" });
    byId("entry-rest").replaceChildren(...findings,
      button("Add another finding", () => {
        state.findings.push({});
        drawRest();
        byId(idOf("findings[" + state.findings.length + "].theme")).focus();
      }, { id: "entry-add" }),
      make("fieldset", {}, make("legend", {}, "Your file"),
        make("p", {}, make("code", { id: "entry-file" })), preview,
        make("div", { id: "entry-summary", tabindex: "-1" }),
        make("div", { class: "entry-row actions" },
          data.repository ? make("a", { id: "entry-open", class: "entry-button main", target: "_blank", rel: "noopener", onclick: open }, "Open a pull request") : "",
          button("Copy", copy, { id: "entry-copy" }), button("Download", download, { id: "entry-download" }), button("Clear the form", forget, { id: "entry-clear" })),
        data.repository ? "" : make("p", { id: "entry-how" }), make("p", { id: "entry-status", role: "status" })));
    drawNamed();
    refresh();
  }

  function drawFinding(finding, i) {
    const name = (field) => "findings[" + (i + 1) + "]." + field;
    const common = (field) => data.common.find((known) => known.name === field);
    const questions = make("div", {});
    const choice = { theme: finding.theme }; // the answer to the first question; what hangs on it follows
    const choose = question(common("theme"), name("theme"), choice);
    choose.addEventListener("change", (event) => {
      if (event.target.id !== idOf(name("theme"))) return;
      drafts.turn(finding, choice.theme);
      again();
    });
    function again() {
      for (const known of [...places.keys()]) if (known.startsWith(name("")) && known !== name("theme")) places.delete(known);
      fillFinding();
      drawNamed();
      refresh();
    }
    function fillFinding() {
      if (!Object.hasOwn(data.themes, finding.theme || "")) return questions.replaceChildren();
      const context = finding.role === "context";
      const must = (field) => Boolean(field.required || (field.counted && !context));
      const ask = (field) => question(field, name(field.name), finding, must(field));
      const first = ["claim", "role"], last = ["direction", "reason", "directness", "level", "support"];
      const rest = data.common.filter((field) => !["id", "theme", ...first, ...last].includes(field.name));
      const before = (names) => names.map(common).map(ask);
      const [claim, role] = before(first);
      role.addEventListener("change", again);
      const [direction, reason, ...others] = before(context ? ["direction", "reason", "level", "support"] : last);
      direction.addEventListener("change", () => reveal(reason));
      direction.hidden = context;
      reveal(reason);
      questions.replaceChildren(claim, role, ...data.themes[finding.theme].fields.map(ask),
        ...rest.filter((field) => field.required).map(ask),
        make("p", { class: "proposition", id: idOf(name("proposition")), role: "status" }), direction, reason, ...others,
        make("details", {}, make("summary", {}, "Figures, names and notes"), ...rest.filter((field) => !field.required).map(ask)));
      return undefined;
    }
    function reveal(reason) {
      reason.hidden = finding.role === "context" || finding.direction !== "does_not_support";
    }
    fillFinding();
    const remove = state.findings.length > 1 ? button("Remove finding " + (i + 1), () => {
      state.findings.splice(i, 1);
      drawRest();
      byId("entry-add").focus();
    }) : "";
    return make("fieldset", { class: "finding" }, make("legend", {}, "Finding " + (i + 1)), choose, questions, remove);
  }

  /* What each finding is about, read back as its fields compose it: a wrong field makes a wrong sentence. */
  function readBack() {
    entry().findings.forEach((finding, i) => {
      const shown = byId(idOf("findings[" + (i + 1) + "].proposition"));
      if (!shown) return;
      const sentence = finding.role ? "" : rules.proposition(finding);
      const told = finding.role ? "Context: it asserts nothing, and is counted nowhere."
        : sentence.remedy ? "No proposition yet: " + sentence.remedy + "." : "Your fields say: " + sentence;
      const stance = { supports: " You find that so.", does_not_support: " You find it not so.", inconclusive: " You find it tested, and not decided." };
      const text = told + (sentence && !sentence.remedy ? stance[finding.direction] || " For or against?" : "");
      if (shown.textContent !== text) shown.textContent = text;
    });
  }

  /* Terms that title and abstract name, beside the fields that take them. */
  function drawNamed() {
    state.findings.forEach((finding, i) => {
      for (const field of finding.theme ? rules.fieldsOf(finding.theme) : []) {
        const place = places.get("findings[" + (i + 1) + "]." + field.name);
        if (!place || !field.vocabularies) continue;
        const found = field.vocabularies.flatMap((kind) => ((paper && paper.concepts) || {})[kind] || []);
        const help = place.box.querySelector(".help");
        help.textContent = helpOf(field) + (found.length ? " Title and abstract name: " + found.join(", ") + "." : "");
      }
    });
  }

  /* --- the entry, its faults and its text --- */

  function pruned(value) {
    if (Array.isArray(value)) return value.some(Boolean) ? value.filter(Boolean) : undefined; // a pair is not empty
    if (value && typeof value === "object") {
      const kept = Object.entries(value).map(([name, inner]) => [name, pruned(inner)]).filter(([, inner]) => inner !== undefined);
      return kept.length ? Object.fromEntries(kept) : undefined;
    }
    return value || undefined;
  }

  function entry() {
    const wanted = rules.bare(state.key);
    const identity = paper ? (paper.pmid ? { pmid: paper.pmid } : { doi: paper.doi })
      : wanted.startsWith("10.") ? { doi: wanted } : { pmid: wanted || undefined };
    const made = pruned({ ...identity, read: state.read, added: state.added });
    const findings = state.findings.map(({ kept: _, ...finding }, i) => {
      const told = { id: String(i + 1), ...pruned(finding) };
      // asked only where they have a meaning, and remembered
      if (told.role || told.direction !== "does_not_support") delete told.reason;
      if (told.role) delete told.direction;
      return told;
    });
    return { ...made, curators: state.curators || [], reviewers: [], findings };
  }

  function name() {
    return paper ? paper.file : rules.fileName({ ...state, key: rules.bare(state.key) });
  }

  /* The element that a message belongs to: its own field, or the nearest around it. */
  function placeOf(field) {
    let known = ["pmid", "doi", "file"].includes(field) ? "key" : field;
    if (/^findings\[\d+\]$/.test(known)) known += ".n";
    while (known && !places.has(known)) {
      const outer = known.replace(/(\.[^.[\]]+|\[\d+\])$/, "");
      known = outer === known ? "" : outer;
    }
    return known || "key";
  }

  function faults() {
    const found = rules.problems(entry(), paper);
    const known = data.known[rules.bare(state.key)];
    if (known) {
      const [what, how] = rules.say("KNOWN", { key: rules.bare(state.key), file: known }).split(": ");
      found.unshift({ field: "file", found: what, remedy: how });
    }
    return found;
  }

  function refresh() {
    if (!byId("entry-yaml")) return;
    const told = new Map();
    for (const problem of faults()) {
      const at = placeOf(problem.field);
      told.set(at, [...(told.get(at) || []), problem]);
    }
    for (const [at, place] of places) {
      const mine = tried || left.has(at) ? told.get(at) || [] : [];
      place.fault.textContent = mine.map((problem) => problem.found + "; " + problem.remedy).join("\n");
      const target = place.target();
      if (target && target.matches("input, select, textarea")) target.toggleAttribute("aria-invalid", mine.length > 0);
    }
    byId("entry-summary").removeAttribute("role"); // what gets shorter while one types is not called out
    if (tried) summarise();
    readBack();
    const text = rules.yaml(entry());
    if (byId("entry-how")) {
      byId("entry-how").textContent = "This site does not know where its repository is. Save the file as data/evidence/" + name()
        + " in a copy of the repository of this book, run “make check” there, and send it as a pull request; or send the file to whoever keeps this site.";
    }
    byId("entry-file").textContent = "data/evidence/" + name();
    byId("entry-yaml").textContent = text;
    const link = byId("entry-open");
    if (link) link.href = address(text);
    keep();
  }

  function address(text) {
    return data.repository + "/new/main/data/evidence?filename=" + encodeURIComponent(name()) + "&value=" + encodeURIComponent(text);
  }

  /* The list of faults, each with a link to its field; whether there are none. */
  function summarise() {
    const found = faults();
    const items = found.map((problem) => {
      const place = places.get(placeOf(problem.field));
      const go = (event) => {
        event.preventDefault();
        const closed = place.box.closest("details");
        if (closed) closed.open = true;
        place.target().focus();
      };
      return make("li", {}, make("a", { href: "#" + place.target().id, onclick: go }, problem.field), ": " + problem.found + "; " + problem.remedy);
    });
    byId("entry-summary").replaceChildren(...(items.length ? [make("p", {}, items.length + " to mend:"), make("ol", {}, ...items)] : []));
    return !items.length;
  }

  function attempt() {
    tried = true;
    refresh();
    byId("entry-summary").setAttribute("role", "alert");
    const good = summarise();
    if (!good) byId("entry-summary").focus();
    return good;
  }

  const tell = (text) => { byId("entry-status").textContent = text; };
  const yet = () => (faults().length ? " It is not ready: see what is to mend above." : "");

  function open(event) {
    const length = byId("entry-open").href.length;
    if (!attempt()) event.preventDefault();
    else if (length > data.longest) {
      event.preventDefault();
      tell("With " + length + " characters the entry is too long for GitHub's prefilled page, which takes " + data.longest + ". Copy or download it, and add it under " + data.repository + "/new/main/data/evidence");
    } else tell("GitHub shows the file. Choose “Propose new file” there, then “Create pull request”.");
  }

  async function copy() {
    attempt();
    const preview = byId("entry-yaml");
    try {
      await navigator.clipboard.writeText(preview.textContent);
      tell("Copied. It belongs into data/evidence/" + name() + "." + yet());
    } catch {
      window.getSelection().selectAllChildren(preview);
      tell("The browser does not let a page copy; the text is selected, copy it with the keyboard.");
    }
  }

  function download() {
    attempt();
    const link = make("a", { download: name(), href: URL.createObjectURL(new Blob([byId("entry-yaml").textContent], { type: "application/yaml" })) });
    link.click();
    URL.revokeObjectURL(link.href);
    tell("Downloaded as " + name() + ". It belongs into data/evidence/." + yet());
  }

  state.key = key.value = key.value || state.key; // somebody may have typed while it was loading
  key.addEventListener("input", () => { state.key = key.value; leave(); refresh(); });
  key.addEventListener("change", find);
  drawAbout();
  drawRest();
  find();
  if (lost.length) {
    tell("These answers of an older draft have no place in the form any more, and are left out: " + lost.join("; ") + ".");
  }
};

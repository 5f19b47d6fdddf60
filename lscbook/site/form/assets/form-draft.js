/* What has been typed: its shape, what is put aside for another chapter or paper, and a draft of another day.
   No page here: `lscDraft(data)` gives plain functions over the state of the form. */
window.lscDraft = function (data) {
  "use strict";

  const ofTheme = (theme) => (Object.hasOwn(data.themes, theme || "") ? data.themes[theme].fields : []);

  function today() {
    const now = new Date();
    return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
  }

  /* `about` is the paper that the answers are of; `aside` holds the answers of others by their key. */
  function blank() {
    return { key: "", about: "", curators: [], added: today(), aside: {}, ...ofPaper({}) };
  }

  const ofPaper = ({ author, year, read, findings }) => ({
    author: author || "", year: year || "", read: read || "", findings: findings && findings.length ? findings : [{}],
  });

  const answered = (finding) => Object.keys(finding).some((name) => name !== "kept" && name !== "support" && name !== "effect")
    || Object.keys(finding.support || {}).length > 0;

  /* Another chapter: answers to its own fields come back, those of the last one are kept. */
  function turn(finding, theme) {
    const kept = finding.kept || {}, mine = {};
    for (const { name } of ofTheme(finding.theme)) {
      if (name in finding) mine[name] = finding[name];
      delete finding[name];
    }
    if (finding.theme) kept[finding.theme] = mine;
    Object.assign(finding, kept[theme], { theme, kept });
    delete kept[theme];
  }

  /* Another paper: nothing of the last one goes with it. True where its own answers came back. */
  function move(state, key) {
    const { about, aside } = state;
    if (about === key) return false;
    if (about && (state.findings.some(answered) || state.read)) {
      aside[about] = ofPaper(state);
    }
    const back = Object.hasOwn(aside, key);
    if (about || back) Object.assign(state, ofPaper(back ? aside[key] : {}));
    delete aside[key];
    state.about = key;
    return back;
  }

  /* --- a draft of another day, whose shape nobody promised --- */

  const isObject = (value) => Boolean(value) && typeof value === "object" && !Array.isArray(value);
  const isText = (value) => typeof value === "string";
  const isTexts = (value) => Array.isArray(value) && value.every(isText);

  function fits(field, value) {
    switch (field.type) {
      case "word": return isText(value) && (value === "" || field.allowed.includes(value));
      case "words": return isTexts(value) && value.every((word) => field.allowed.includes(word));
      case "terms": case "texts": case "counts": case "ORCIDs": return isTexts(value);
      case "interval": return isTexts(value) && value.length <= 2;
      case "pairs": case "couples": return Array.isArray(value) && value.every((pair) => isTexts(pair) && pair.length <= 3);
      case "populations": return isObject(value) && Object.entries(value).every(
        ([who, level]) => data.populations.includes(who) && (level === "" || field.allowed.includes(level)));
      case "effect": case "contrast": case "support": return isObject(value);
      default: return isText(value);
    }
  }

  function held(table, given, place, lost) {
    const kept = {};
    for (const [name, value] of Object.entries(isObject(given) ? given : {})) {
      const field = table.find((known) => known.name === name);
      if (!field || !fits(field, value)) lost.push(place + name + ": " + (isText(value) ? value : JSON.stringify(value)));
      else kept[name] = data.nested[field.type] ? held(data.nested[field.type], value, place + name + ".", lost) : value;
    }
    return kept;
  }

  function finding(given, lost) {
    const { kept, ...rest } = isObject(given) ? given : {};
    const theme = Object.hasOwn(data.themes, rest.theme || "") ? rest.theme : "";
    const made = held([...data.common, ...ofTheme(theme)], rest, "", lost);
    for (const [name, own] of Object.entries(isObject(kept) ? kept : {})) {
      if (ofTheme(name).length) made.kept = { ...made.kept, [name]: held(ofTheme(name), own, "", lost) };
    }
    return made;
  }

  function paper(given, lost) {
    const made = {};
    for (const name of ["author", "year"]) made[name] = isText(given[name]) ? given[name] : "";
    const read = data.entry.find((field) => field.name === "read");
    made.read = fits(read, given.read) ? given.read : "";
    made.findings = Array.isArray(given.findings) ? given.findings.map((one) => finding(one, lost)) : [];
    return ofPaper(made);
  }

  /* The state that a stored text holds, and what of it has no place any more. */
  function read(text) {
    const lost = [], state = blank();
    let given;
    try { given = JSON.parse(text); } catch { given = undefined; }
    if (!isObject(given)) return { state, lost };
    Object.assign(state, paper(given, lost));
    if (isText(given.key)) state.key = given.key;
    if (isText(given.about)) state.about = given.about;
    if (isTexts(given.curators)) state.curators = given.curators;
    for (const [key, one] of Object.entries(isObject(given.aside) ? given.aside : {})) {
      if (isObject(one)) state.aside[key] = paper(one, lost);
    }
    return { state, lost };
  }

  return { answered, blank, move, read, turn };
};

/* Words compared as lscbook/vocabulary.py compares them: one form, lower case, US spelling. */
(function () {
  "use strict";
  const { document } = window;
  const AMERICAN = {
    leukaem: "leukem", haemat: "hemat", haemop: "hemop", tumour: "tumor", anaem: "anem",
    signalling: "signaling", oedema: "edema", randomis: "randomiz",
  };
  const BRITISH = new RegExp(Object.keys(AMERICAN).join("|"), "g");

  /* 10⁶ becomes 10^6 and never 106; CD34⁺ becomes cd34+. */
  function raised(_all, before, run) {
    const flat = run.normalize("NFKC").replace(/\u2212/g, "-");
    return before && !/^([+-]$|\()/.test(flat) ? `${before}^${flat}` : before + flat;
  }

  function fold(text) {
    return text
      .replace(/([\d)]?)([⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ]+)/g, raised)
      .normalize("NFKC")
      .replace(/[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/g, "-")
      .replace(/[‘’‚‛′]/g, "'")
      .replace(/[“”„‟″]/g, '"')
      .replace(/(\d)[·‧∙⋅](?=\d)/g, "$1.")
      .replace(/([\p{L}\p{N}_])\(([+-])\)/gu, "$1$2")
      .replace(/\s+/g, " ")
      .trim()
      .toLowerCase()
      .replace(BRITISH, (word) => AMERICAN[word]);
  }

  /* CD-123 and CD123 are one; a sign at the end of a marker stays. */
  const squeeze = (folded) => folded.replace(/(?<=[\p{L}\p{N}])[- ](?=[\p{L}\p{N}])/gu, "");

  const words = (text) =>
    fold(text).split(/[^\p{L}\p{N}+\-.^]+/u).map((word) => word.replace(/^[.^]+|[.^]+$/g, "")).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const pieces = (word) => word.split(/[-+]+/).filter(Boolean);
  /* CD-123 is indexed as cd123, cd and 123; CD34+CD38- also as it stands (lscbook/site/search/shards.py). */
  const forms = (word) => [...new Set([squeeze(word), ...pieces(word)])];
  const tokens = (text) => words(text).flatMap(forms);

  function load(base, name) {
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
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return made;
  }

  window.lscTools = { fold, squeeze, words, pieces, forms, tokens, load, element };
})();

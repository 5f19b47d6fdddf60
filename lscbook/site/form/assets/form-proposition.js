/* The sentence that the fields of a finding compose, as lscbook/evidence/proposition.py composes it.
   The words come from the same table; a place that nobody has filled in yet shows as "…". */
window.lscProposition = function (data) {
  "use strict";

  const { phrases, said: saids, ofWhat, namedStudies, missing } = data.proposition;
  const HOLE = "…";

  function phrase(name, values, several) {
    const forms = phrases[name];
    return forms[several && forms.length > 1 ? 1 : 0].replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
  }

  const said = (kind, word) => (Object.hasOwn(saids[kind], word) ? saids[kind][word] : word);
  const tidy = (text) => (text || "").trim().replace(/\s+/g, " ");
  const word = (text) => tidy(text) || HOLE;
  const listed = (words) => (words || []).map(tidy).filter(Boolean);
  const joined = (words) => [words.slice(0, -1).join(", "), ...words.slice(-1)].filter(Boolean).join(" and ");
  const capital = (text) => { const [first = "", ...rest] = [...text]; return first.toUpperCase() + rest.join(""); };

  /* Without the capital of a sentence; `MRD` keeps its own. */
  function lowered(text) {
    const second = text.slice(1, 2);
    return second !== second.toUpperCase() ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;
  }

  /* The sentence of a counted finding, "" of context, or {field, remedy} of what is missing for one. */
  function of(finding) {
    if (finding.role) return "";
    const sentence = themes[finding.theme](finding);
    if (sentence.remedy) return sentence;
    const told = /^[-+]/.test(sentence) ? phrase("signed", { sentence }) : sentence;
    return phrase("whole", { sentence: told, population: population(finding) });
  }

  function population(finding) {
    const diseases = listed(finding.diseases).join(", ") || HOLE;
    return finding.theme === "target" && namedStudies.includes(finding.study)
      ? phrase("population of a trial", { diseases, study: finding.study }) : diseases;
  }

  const themes = {
    evolution(finding) {
      const seen = finding.cells || [];
      const cells = joined(seen.filter((cell) => cell !== "germline").map((cell) => said("cells", cell)));
      const known = listed(finding.lesions), several = known.length > 1, lesions = joined(known) || HOLE;
      const told = (finding.before || []).map(([first, then]) => phrase("before", { first: word(first), then: word(then) }));
      for (const [one, other] of finding.exclusive || []) {
        if (!finding.exclusive_in) return { field: "exclusive_in", remedy: missing.exclusive_in };
        told.push(phrase("exclusive", { one: word(one), other: word(other), scope: finding.exclusive_in }));
      }
      if (finding.order) told.push(phrase(finding.order, { lesions }, several));
      if (told.length) return told.join("; ") + (cells ? phrase("where", { cells }) : "");
      if (seen.includes("germline")) return phrase("germline", { lesions }, several);
      if (cells) return phrase("found", { lesions, cells }, several);
      return { field: "order", remedy: missing.order };
    },

    identity(finding) {
      const subjects = listed(finding.subjects), { contrast, relative } = finding;
      const sides = { subjects: joined(subjects) || HOLE, relative,
        disease: contrast ? said("disease", contrast) : HOLE, other: contrast ? said("other", contrast) : HOLE };
      return phrase(["higher", "lower"].includes(relative) ? "level" : "told apart", sides, subjects.length > 1);
    },

    resistance(finding) {
      const mechanism = word(finding.mechanism), genes = listed(finding.genes);
      const cells = Object.hasOwn(data.mechanisms, mechanism) ? data.mechanisms[mechanism].phrase : mechanism;
      const told = [finding.process, said("acquisition", finding.acquisition || "")].filter(Boolean).join(", ");
      return phrase("survives", {
        cells: capital(cells),
        genes: genes.length ? phrase("of genes", { genes: genes.join(", ") }) : "",
        therapy: said("therapy", joined(listed(finding.escaped))),
        told: told ? phrase("how", { told }) : "",
      });
    },

    surveillance(finding) {
      const contrast = finding.contrast || {}, against = tidy(contrast.against), end = finding.end_point;
      const named = ofWhat.includes(finding.assay) ? [...new Set([...listed(finding.markers), ...listed(finding.genes)])].join(", ") : "";
      const assay = capital(said("assay", word(finding.assay)));
      const test = named ? phrase("assay of", { assay, named }) : assay;
      const parts = {
        test,
        of: contrast.kind === "per unit" ? phrase("per", { of: word(contrast.of) }) : word(contrast.of),
        against: against ? phrase("against", { against }) : "",
        when: finding.time_point ? phrase("when", { time_point: said("time_point", finding.time_point) }) : "",
      };
      if (contrast.kind === "treatment by test") {
        return phrase("guided", { ...parts, test: lowered(test), does: end ? bettered(end) : HOLE });
      }
      if (end === "detection") return phrase("shows", parts);
      return phrase("foretells", { ...parts, end_point: end ? said("foretold", end) : HOLE });
    },

    target(finding) {
      const { aspect } = finding;
      if (aspect === "expression") return phrase("there", { target: word(finding.target) });
      if (aspect === "safety" || aspect === "selectivity") return phrase(aspect, { hit: hit(finding) });
      if (aspect && !finding.end_point) return { field: "end_point", remedy: missing.end_point };
      return phrase("efficacy", { hit: hit(finding), does: finding.end_point ? said("does", finding.end_point) : HOLE });
    },
  };

  /* What acting on a test should do for an end point. */
  function bettered(end_point) {
    if (end_point.endsWith("survival")) return phrase("prolongs", { end_point });
    const told = said("guided to", end_point);
    return told === end_point ? phrase("prevents", { end_point }) : told;
  }

  function hit(finding) {
    const partners = joined(listed(finding.partners)), comparator = tidy(finding.comparator);
    const parts = {
      target: word(finding.target),
      partners: partners ? phrase("with", { partners }) : "",
      against: comparator ? phrase("held against", { comparator }) : "",
    };
    const agents = joined(listed(finding.agents));
    return agents ? phrase("hit", { ...parts, agents: capital(agents) })
      : phrase("hit without agent", { ...parts, end: comparator ? "," : "" });
  }

  return { of };
};

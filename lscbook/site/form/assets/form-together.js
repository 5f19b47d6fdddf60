/* What cannot be true together in a finding: the rules of lscbook/evidence/consistency.py, with its tables and messages.
   `faults(finding, paper)` gives [field, message] of a finding whose single fields are right. */
window.lscTogether = function (data, fill, quoted) {
  "use strict";

  const { levels, types, trials, few, good, bad, pooled, height, hits, ratios, no_effect } = data.together;
  const patients = new RegExp(data.together.patients);
  const of = window.lscProposition(data).of;
  const say = (rule, values) => fill(data.messages.TOGETHER[rule], values || {});

  function* faults(finding, paper) {
    yield* study(finding, paper);
    if (finding.role) return;
    const against = finding.direction === "does_not_support";
    if (against && !finding.reason) yield ["reason", say("no reason")];
    if (finding.reason && !against) yield ["reason", say("reason", { reason: quoted(finding.reason) })];
    yield* interval(finding);
    if (Object.hasOwn(themes, finding.theme)) yield* themes[finding.theme](finding);
    const sentence = of(finding);
    if (sentence.remedy) yield [sentence.field, say("no sentence", sentence)];
  }

  function* interval({ direction, reason, effect }) {
    const [low, high] = (effect && effect.ci) || [];
    if (!low || !ratios.includes(effect.measure) || !(Number(low) < 1 && Number(high) > 1)) return;
    const told = { measure: effect.measure, low, high };
    if (direction === "supports") yield ["direction", say("null supports", told)];
    const wide = Number(low) < no_effect[0] || Number(high) > no_effect[1];
    if (direction === "does_not_support" && reason === "no effect shown" && wide) yield ["direction", say("wide null", told)];
  }

  function* study(finding, paper) {
    const { level, n, n_unit } = finding, allowed = levels[finding.study], named = quoted(finding.study);
    if (level && !allowed.includes(level)) {
      yield ["level", say("level of study", { level, study: named, allowed: allowed.join(", ") })];
    }
    if (n && Number(n) < few && patients.test(n_unit || "") && "AB".includes(level || "-") && !finding.role) {
      yield ["level", say("level of few", { level, n, n_unit, few })];
    }
    for (const kind of (!finding.role && paper && paper.types) || []) {
      const studies = types[kind];
      if (studies && !studies.includes(finding.study)) {
        yield ["study", say("study of type", { study: named, kind: quoted(kind), studies: studies.join(", ") })];
      }
    }
  }

  /* Each pair once, of a lesion that is named, and not in an order as well; where they do so is told with a pair. */
  function* exclusive(finding) {
    const both = ([one, other]) => JSON.stringify([one, other].sort());
    const ordered = (finding.before || []).map(both), pairs = finding.exclusive || [], known = pairs.map(both);
    for (const [i, [one, other]] of pairs.entries()) {
      const told = { one: quoted(one), other: quoted(other) };
      if (!finding.lesions.includes(one) && !finding.lesions.includes(other)) {
        yield ["exclusive", say("pair", { first: told.one, then: told.other })];
      }
      if (known.indexOf(known[i]) < i) yield ["exclusive", say("couple twice", told)];
      if (ordered.includes(known[i])) yield ["exclusive", say("couple in order", told)];
    }
    if (finding.exclusive_in && !pairs.length) {
      yield ["exclusive_in", say("nothing excludes", { scope: finding.exclusive_in })];
    }
  }

  const themes = {
    * evolution(finding) {
      if ((finding.cells || []).includes("germline") && finding.order) {
        yield ["order", say("germline", { order: quoted(finding.order) })];
      }
      for (const [first, then] of finding.before || []) {
        if (!finding.lesions.includes(first) && !finding.lesions.includes(then)) {
          yield ["before", say("pair", { first: quoted(first), then: quoted(then) })];
        }
      }
      yield* exclusive(finding);
    },

    * identity({ contrast, relative, direction, expression }) {
      if (relative === "similar" && direction === "supports") yield ["relative", say("similar")];
      const { LSC: first, HSC: second } = expression || {};
      if (contrast === "LSC against normal HSC" && first && second && relative) {
        const difference = height[first] - height[second];
        if ((relative === "higher" && difference < 0) || (relative === "lower" && difference > 0)) {
          yield ["relative", say("relative", { relative, first, second })];
        }
      }
    },

    * surveillance({ contrast: { kind, against } }) {
      if (kind === "test" && !against) yield ["contrast", say("no other result")];
      if (kind === "per unit" && against) yield ["contrast", say("step against", { against: quoted(against) })];
    },

    * target(finding) {
      const { stage, aspect, outcome, direction, reason } = finding, trial = stage.startsWith("phase");
      const values = { stage: quoted(stage), aspect: quoted(aspect), study: quoted(finding.study), outcome: quoted(outcome || "") };
      if ((aspect === "expression") !== (stage === "expression")) yield ["stage", say("expression", values)];
      if (trial && ![...trials, ...pooled].includes(finding.study)) yield ["stage", say("trial", values)];
      if (stage === "PDX" && !["PDX", "ex vivo"].includes(finding.study)) yield ["stage", say("PDX", values)];
      if (stage === "dependency" && trials.includes(finding.study)) yield ["stage", say("dependency", values)];
      if (outcome && !trial) yield ["outcome", say("outcome", values)];
      if (good.includes(outcome) && direction === "does_not_support") yield ["outcome", say("good outcome", values)];
      if (bad.includes(outcome) && direction === "supports") yield ["outcome", say("bad outcome", values)];
      if (aspect === "safety" && reason && reason !== "harm") yield ["reason", say("safety", { reason: quoted(reason) })];
      for (const agent of finding.agents || []) {
        const known = Object.hasOwn(hits, agent) ? hits[agent] : [];
        if (known.length && !known.includes(finding.target)) {
          yield ["agents", say("agent", { agent, known: known.join(" and "), target: finding.target })];
        }
      }
    },
  };

  return { faults };
};

/* What the browser shows as CSV, JSON, BibTeX and RIS, by the rules of lscbook/exports. */
(function () {
  "use strict";

  /* ---- CSV: words stay words, no cell is a formula ---- */

  const START = "=@＝＠";
  const SIGN = "+-−＋－";
  const KARYOTYPE = /\b(?:add|del|der|dic|dup|i|idic|ins|inv|r|t|trp)\((?=[\dXY?pq])/g;
  const CALLS = /[A-Za-z0-9_.]\s*\(|[|!]/;

  function guarded(raw) {
    const text = raw.replace(/[\x00-\x1f\x7f\u2028\u2029]+/g, " ");
    const parts = text.split(/([;,\t"])/);
    return parts.map((part, i) => (i % 2 ? part : guard(part, parts.slice(i).join("")))).join("");
  }

  function guard(part, rest) {
    const bare = part.trimStart();
    if (!bare) return part;
    const runs = START.includes(bare[0]) || (SIGN.includes(bare[0]) && CALLS.test(rest.replace(KARYOTYPE, "")));
    return runs ? `${part.slice(0, part.length - bare.length)}'${bare}` : part;
  }

  const cell = (value) => {
    const text = Array.isArray(value) ? JSON.stringify(value) : guarded(String(value ?? ""));
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };

  function csv(view) {
    const found = records(view);
    const names = found.length ? Object.keys(found[0]) : [];
    return [names, ...found.map((record) => names.map((name) => record[name]))]
      .map((line) => `${line.map(cell).join(",")}\n`)
      .join("");
  }

  /* ---- JSON ---- */

  /* One object a finding; lists for what may have several words, null for what is not told. */
  function records({ rows, data, values, address }) {
    return rows.map((row) => {
      const paper = data.papers[data.paper[row]];
      const record = {
        finding: `${paper.pmid || paper.doi}/${data.ids[row]}`,
        pmid: paper.pmid || null,
        doi: paper.doi || null,
        title: paper.title,
        first_author_year: paper.cite,
        journal: paper.journal || null,
        year: values("year", row)[0] || null,
        standing: values("standing", row)[0],
        second_reading: values("reading", row).join(", "),
        claim: data.claims[row],
      };
      for (const [name, , , many] of data.fields) {
        const found = values(name, row);
        record[name] = many ? found : (found[0] ?? null);
      }
      record.page = address(paper.page);
      return record;
    });
  }

  const json = (view) => `${JSON.stringify(records(view), null, 1)}\n`;

  /* ---- references: each paper once ---- */

  const papers = ({ rows, data }) => [...new Set(rows.map((row) => data.paper[row]))].map((i) => data.papers[i]);
  const name = (author) => (Array.isArray(author) ? author[0] : author);
  const link = (paper) => (paper.pmid ? `https://pubmed.ncbi.nlm.nih.gov/${paper.pmid}/` : `https://doi.org/${paper.doi}`);
  const noted = (paper) => (paper.standing ? paper.standing[0].toUpperCase() + paper.standing.slice(1) : "");

  const TEX = { "\\": "{\\textbackslash}", "{": "{\\textbraceleft}", "}": "{\\textbraceright}", "~": "{\\textasciitilde}", "^": "{\\textasciicircum}" };
  const tex = (text) => text.replace(/[\\{}~^%&$#_]/g, (sign) => TEX[sign] || `\\${sign}`);

  function bib(view) {
    return papers(view).map((paper) => {
      const people = (paper.authors || []).map((author) => (Array.isArray(author) ? `{${tex(author[0])}}` : tex(author)));
      if (people.length && paper.complete === false) people.push("others");
      const found = {
        author: people.join(" and "),
        title: `{${tex(paper.title.replace(/\.+$/, ""))}}`,
        journal: tex(paper.journal || ""),
        year: (paper.date || "").slice(0, 4),
        date: paper.date || "",
        doi: /[{}\\]/.test(paper.doi || "") ? "" : paper.doi || "",
        pmid: paper.pmid || "",
        url: link(paper),
        note: tex(noted(paper)),
      };
      const lines = Object.entries(found).filter(([, text]) => text).map(([field, text]) => `,\n    ${field} = {${text}}`);
      return `@article{${paper.name}${lines.join("")}\n}\n`;
    }).join("\n");
  }

  const plain = (text) => text.replace(/[\r\n]+/g, " ");

  function ris(view) {
    return papers(view).map((paper) => {
      const lines = [["TY", "JOUR"], ["ID", paper.name], ["TI", paper.title.replace(/\.+$/, "")]];
      for (const author of paper.authors || []) lines.push(["AU", name(author)]);
      lines.push(["JO", paper.journal], ["PY", (paper.date || "").slice(0, 4)], ["DA", (paper.date || "").replaceAll("-", "/")],
        ["DO", paper.doi], ["AN", paper.pmid], ["DB", paper.pmid && "PubMed"], ["UR", link(paper)], ["N1", noted(paper)]);
      if (paper.complete === false) lines.push(["N1", "And others: the source names only some of the authors, or none."]);
      return `${lines.filter(([, text]) => text).map(([tag, text]) => `${tag}  - ${plain(text)}\n`).join("")}ER  - \n`;
    }).join("\n");
  }

  const KINDS = {
    csv: [csv, "text/csv"], json: [json, "application/json"], bib: [bib, "application/x-bibtex"],
    ris: [ris, "application/x-research-info-systems"],
  };

  function save(kind, view) {
    const [make, type] = KINDS[kind];
    const anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(new Blob([make(view)], { type: `${type};charset=utf-8` }));
    anchor.download = `lsc-evidence.${kind}`;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
  }

  window.lscExports = { save };
})();

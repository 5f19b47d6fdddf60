/* The parts of a view, made by the build: rows, and lines of each file that can be taken along. Chosen by place, never made here. */
window.lscViewParts = function (base, data) {
  "use strict";
  const { document } = window;
  const { part, csv, paper } = data;
  const coming = new Map();

  function bring(name) {
    if (!coming.has(name)) {
      const loading = window.lscTools.load(base, `../browser-parts/${name}.js`).then(() => window.lscParts[name]);
      loading.catch(() => coming.delete(name)); // asked again, it is tried again
      coming.set(name, loading);
    }
    return coming.get(name);
  }

  /* What stands at these places. */
  async function take(kind, places) {
    const wanted = [...new Set(places.map((place) => Math.floor(place / part)))];
    const found = new Map(await Promise.all(wanted.map(async (n) => [n, await bring(`${kind}-${n}`)])));
    return places.map((place) => found.get(Math.floor(place / part))[place % part]);
  }

  /* Rows of the table; their markup is that of the page itself. */
  async function rows(places) {
    const holder = document.createElement("template");
    holder.innerHTML = (await take("rows", places)).join("");
    return holder.content;
  }

  const papers = (places) => [...new Set(places.map((place) => paper[place]))];
  const FILES = {
    csv: ["text/csv", async (places) => [csv, ...await take("csv", places), ""].join("\n")],
    json: ["application/json", async (places) => `[\n${(await take("json", places)).join(",\n")}\n]\n`],
    bib: ["application/x-bibtex", async (places) => (await take("bib", papers(places))).join("\n")],
    ris: ["application/x-research-info-systems", async (places) => (await take("ris", papers(places))).join("\n")],
  };

  async function save(kind, places) {
    const [type, make] = FILES[kind];
    const anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(new Blob([await make(places)], { type: `${type};charset=utf-8` }));
    anchor.download = `lsc-evidence.${kind}`;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
  }

  return { rows, save };
};

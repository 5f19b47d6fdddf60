// Asks the search of the site its questions outside a browser: the same scripts and the same index, and no page.
// deno run --allow-read tests/ask.js INDEX.json < questions.json; prints what comes first of each, by group, the rows that the
// evidence browser has for `words`, and what its `views` mean.
const [held] = Deno.args;
const { files, names, assets, evidence } = JSON.parse(Deno.readTextFileSync(held));
globalThis.window = globalThis;
for (const script of ["search/assets/words.js", "search/assets/search-index.js", "search/assets/search-ask.js",
  "browser/assets/evidence-filter.js", "browser/assets/evidence-view.js"]) (0, eval)(Deno.readTextFileSync(`${assets}/${script}`));
window.lscSearchParts = files;
window.lscTools.load = () => Promise.resolve(); // every part is there already
const lexicon = window.lscTools.lexicon(names);
const index = window.lscSearchIndex("", files[""], lexicon.means);
const ask = window.lscAsk(index, lexicon);

const { questions, texts = [], words = [], views = [] } = JSON.parse(await new Response(Deno.stdin.readable).text());
const answers = [];
for (const question of questions) {
  const { order, groups, all, unheard } = await ask(question);
  const found = {};
  for (const group of order) found[group] = await index.cells(group, groups[group].places.slice(0, 10));
  const counts = Object.fromEntries(order.map((group) => [group, groups[group].places.length]));
  answers.push({ order, found, counts, all, unheard });
}
const { tokens, form } = window.lscTools;
const filter = window.lscFilter(evidence, names);
const view = window.lscView(filter, evidence, names, () => []);
const rows = words.map((q) => filter.select({ ...view.empty(), q }).rows);
const meant = views.map((hash) => [...view.parse(hash).filters]);
console.log(JSON.stringify({ answers, tokens: texts.map(tokens), forms: texts.map(form), rows, meant }));

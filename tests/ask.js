// Asks the search of the site its questions outside a browser: the same scripts and the same index, and no page.
// deno run --allow-read tests/ask.js INDEX.json < questions.json; prints what comes first of each, by group.
const [held] = Deno.args;
const { files, names, assets } = JSON.parse(Deno.readTextFileSync(held));
globalThis.window = globalThis;
for (const script of ["words.js", "search-index.js", "search-ask.js"]) (0, eval)(Deno.readTextFileSync(`${assets}/${script}`));
window.lscSearchParts = files;
window.lscTools.load = () => Promise.resolve(); // every part is there already
const lexicon = window.lscTools.lexicon(names);
const index = window.lscSearchIndex("", files[""], lexicon.means);
const ask = window.lscAsk(index, lexicon);

const { questions, texts = [] } = JSON.parse(await new Response(Deno.stdin.readable).text());
const answers = [];
for (const question of questions) {
  const { order, groups, all, unheard } = await ask(question);
  const found = {};
  for (const group of order) found[group] = await index.cells(group, groups[group].places.slice(0, 10));
  const counts = Object.fromEntries(order.map((group) => [group, groups[group].places.length]));
  answers.push({ order, found, counts, all, unheard });
}
const { tokens, form } = window.lscTools;
console.log(JSON.stringify({ answers, tokens: texts.map(tokens), forms: texts.map(form) }));

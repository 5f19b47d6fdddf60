// On a phone a chapter opens with its answers, figures and tables: its essays stand behind their headings, which tell
// what each says. Without this script they are open, as they are on a wide screen and in print.
"use strict";
(() => {
  const { document, location } = window;
  if (!window.matchMedia("(max-width: 640px)").matches) return;
  const LEAST = 120; // words; a shorter text is no longer than the button that would hide it

  const words = (parts) => parts.map((part) => part.textContent).join(" ").trim().split(/\s+/).length;

  // an empty element with an address, where a heading was called otherwise
  const isPlace = (part) => part.tagName === "SPAN" && !part.textContent.trim();

  function fold(section) {
    const heading = section.querySelector(":scope > h2");
    const rest = [...section.children].filter((part) => part !== heading && !isPlace(part));
    if (!heading || !rest.every((part) => part.tagName === "P") || words(rest) < LEAST) return;
    const essay = document.createElement("details");
    essay.className = "essay";
    const summary = document.createElement("summary");
    summary.textContent = `Read this part (${words(rest)} words)`;
    essay.append(summary, ...rest);
    section.append(essay);
  }

  // the first figure of a chapter stands open; of the others, the claim
  function foldFigure(figure) {
    const title = figure.querySelector("figcaption strong");
    if (!title) return;
    const essay = document.createElement("details");
    essay.className = "essay";
    const summary = document.createElement("summary");
    summary.textContent = `Figure: ${title.textContent}`;
    figure.before(essay);
    essay.append(summary, figure);
  }

  // a link to a heading, or to a place below it, opens what stands there
  function show() {
    const at = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const essay = at && (at.closest("details.essay") || at.closest("section")?.querySelector(":scope > details.essay:not(:has(figure))"));
    if (!essay || essay.open) return;
    essay.open = true;
    at.scrollIntoView();
  }

  for (const section of document.querySelectorAll("article.bd-article > section > section")) fold(section);
  for (const figure of [...document.querySelectorAll("article.bd-article figure.evidence-figure")].slice(1)) foldFigure(figure);
  window.addEventListener("hashchange", show);
  show();
})();

// The filter of the map of gaps: hides the rows that a reader does not ask for; the address keeps what was asked.
"use strict";
(() => {
  const { document, history, location } = window;
  const root = document.getElementById("gap-map");
  if (!root) return;
  const form = root.querySelector("form");
  const status = root.querySelector('[data-part="status"]');
  const rows = [...root.querySelectorAll("tbody tr")];
  const NAMES = ["stands", "state", "q"];

  function fits(row, asked) {
    const { stands, states, name } = row.dataset;
    return (!asked.stands || stands === asked.stands) &&
      (!asked.state || states.split(";").includes(asked.state)) &&
      name.includes(asked.q.trim().toLowerCase());
  }

  function show() {
    const asked = Object.fromEntries(NAMES.map((name) => [name, form.elements[name].value]));
    let left = 0;
    for (const row of rows) {
      row.hidden = !fits(row, asked);
      left += row.hidden ? 0 : 1;
    }
    for (const table of root.querySelectorAll("table"))
      table.parentElement.hidden = !table.tBodies[0].querySelector("tr:not([hidden])");
    status.textContent = left === rows.length ? `All ${left} rows.` : `${left} of ${rows.length} rows fit.`;
    return asked;
  }

  function keep(asked) {
    const said = new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
    history.replaceState(null, "", [...said].length ? `#${said}` : location.pathname + location.search);
  }

  function fromAddress() {
    if (!location.hash.includes("=")) return;
    const said = new URLSearchParams(location.hash.slice(1));
    for (const name of NAMES) form.elements[name].value = said.get(name) || "";
    show();
  }

  form.addEventListener("input", () => keep(show()));
  form.addEventListener("reset", () => setTimeout(() => keep(show()))); // the fields are empty only afterwards
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", fromAddress);
  form.hidden = false;
  status.hidden = false;
  show();
  fromAddress();
})();

/* The form of the page "Contribute": shows its first question, and brings the rest when somebody begins. */
(function () {
  "use strict";
  const { document } = window;

  const form = document.getElementById("entry-form");
  if (!form) return;
  const here = document.currentScript.src;

  function load(file) {
    return new Promise((done, failed) => {
      const script = document.createElement("script");
      Object.assign(script, { src: new URL(file, here).href, onload: done, onerror: failed });
      document.head.append(script);
    });
  }

  let begun = false;
  async function begin() {
    if (begun) return;
    begun = true;
    try {
      await Promise.all(["words.js", "form-data.js", "form-proposition.js", "form-together.js", "form-draft.js", "form-entry.js", "form-page.js"].map(load));
    } catch {
      document.getElementById("entry-paper").textContent =
        "The form could not be loaded. Load the page again, or use the template below.";
      return;
    }
    window.lscForm(form, load);
  }

  form.hidden = false;
  const key = document.getElementById("entry-key");
  // "curate this" beside a paper leads here with its number
  const asked = new URLSearchParams(window.location.hash.slice(1)).get("paper");
  if (asked) {
    key.value = asked;
    form.scrollIntoView();
    begin();
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  key.addEventListener("focus", begin);
  try {
    if (localStorage.getItem("lsc-evidence-draft")) begin(); // a draft is shown at once
  } catch { /* a private window keeps none */ }
})();

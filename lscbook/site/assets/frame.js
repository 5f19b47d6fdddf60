// Light or dark as the reader chose in the book's own frame; without a script the system decides.
"use strict";
try {
  const chosen = localStorage.getItem("mode");
  if (chosen === "light" || chosen === "dark") window.document.documentElement.dataset.theme = chosen;
} catch { /* a browser that keeps nothing */ }

// Cards beside citations and glossary terms, and the age of the snapshot. Without it all links work.
"use strict";
(() => {
  const { document } = window;
  // The theme follows the reader along a table of contents; without one it would take every link for a part of it.
  if (!document.querySelector(".bd-toc-nav")) delete document.body.dataset.bsSpy;

  let open = null;

  function close() {
    if (!open) return;
    open.card.hidden = true;
    open = null;
  }

  function show(link) {
    const card = document.getElementById(link.getAttribute("aria-describedby"));
    if (card && !(open && open.card === card)) place(card, link);
  }

  function place(card, link) {
    close();
    card.hidden = false;
    card.style.left = "0";
    // kept inside the window, whichever side the link stands on
    const box = card.getBoundingClientRect();
    const over = box.right - (document.documentElement.clientWidth - 8);
    if (over > 0) card.style.left = `${Math.max(-over, 8 - box.left)}px`;
    open = { card, link };
  }

  for (const holder of document.querySelectorAll(".has-card")) {
    const link = holder.querySelector("a");
    let touched = false;
    link.addEventListener("pointerdown", (event) => { touched = event.pointerType !== "mouse"; });
    holder.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") show(link); });
    holder.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") close(); });
    link.addEventListener("focus", () => { if (!touched) show(link); });
    link.addEventListener("blur", close);
    // a first tap opens the card, a second follows the link
    link.addEventListener("click", (event) => {
      if (touched && !(open && open.link === link)) {
        event.preventDefault();
        show(link);
      }
      touched = false;
    });
  }
  // an abbreviation explains itself on hover by its title; a tap shows the same
  for (const short of document.querySelectorAll("abbr[title]")) {
    short.addEventListener("click", () => {
      const shown = short.querySelector(".card-of");
      const card = shown || document.createElement("span");
      card.className = "card-of";
      card.setAttribute("role", "tooltip");
      card.textContent = short.title;
      card.hidden = Boolean(open && open.card === card);
      short.classList.add("has-card");
      short.append(card);
      if (card.hidden) open = null;
      else place(card, short);
    });
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  document.addEventListener("pointerdown", (event) => {
    if (open && !open.card.contains(event.target) && !open.link.contains(event.target)) close();
  });

  // a link to a place inside something folded opens it
  function unfold() {
    const at = location.hash.length > 1 && !location.hash.includes("=") && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let one = at && at.closest("details"); one; one = one.parentElement.closest("details")) one.open = true;
    if (at) at.scrollIntoView();
  }
  window.addEventListener("hashchange", unfold);
  unfold();

  // On paper nothing is folded, the colours are those of day, and the address is that of the reader's copy.
  const OPENED = "details:not([open]):not(.facet):not(.all):not(.more)";
  let before = null;
  window.addEventListener("beforeprint", () => {
    if (before) return;
    const root = document.documentElement;
    const folded = [...document.querySelectorAll(OPENED)].filter((one) => !one.closest(".evidence-figure"));
    const address = document.createElement("style");
    if (location.protocol.startsWith("http")) {
      address.textContent = `@page { @bottom-left { content: "${location.href} \\00B7  ${root.dataset.printed || ""}"; } }`;
    }
    before = { folded, address, theme: root.dataset.theme };
    for (const one of folded) one.open = true;
    document.head.append(address);
    root.dataset.theme = "light";
  });
  window.addEventListener("afterprint", () => {
    if (!before) return;
    for (const one of before.folded) one.open = false;
    before.address.remove();
    if (before.theme) document.documentElement.dataset.theme = before.theme;
    else delete document.documentElement.dataset.theme;
    before = null;
  });

  // The build knows no clock; the reader's browser does.
  const OLD = 90;
  for (const note of document.querySelectorAll(".snapshot-age[data-as-of]")) {
    const days = Math.floor((Date.now() - Date.parse(note.dataset.asOf)) / 86400000);
    if (days > OLD) {
      const warning = document.createElement("strong");
      warning.textContent = ` It is ${days} days old: newer papers, and newer notices about these, are not in it.`;
      note.append(warning);
      note.classList.add("old");
    }
  }
})();

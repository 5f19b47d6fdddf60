// Explore: the chart behind a picture, brought on demand with the one bundle that draws it.
"use strict";
(() => {
  const { document } = window;
  const here = document.currentScript.src.replace(/_static\/figures\.js.*$/, "");

  function load(path) {
    return new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = here + path;
      script.onload = done;
      script.onerror = () => failed(new Error(`${path} could not be loaded`));
      document.head.append(script);
    });
  }

  // links in a chart lead to pages of this book
  function atHome(specification) {
    return JSON.parse(JSON.stringify(specification).replaceAll("https://book.invalid/#", "#").replaceAll("https://book.invalid/", "../"));
  }

  async function explore(button) {
    const figure = button.closest("figure");
    const pictures = figure.querySelectorAll(".picture:not(.moving)"); // wide, and for a phone
    let place = figure.querySelector(".moving");
    if (place) {
      place.hidden = !place.hidden;
      for (const picture of pictures) picture.hidden = !place.hidden;
      button.textContent = place.hidden ? "Explore: filter and hover" : "Back to the picture";
      return;
    }
    button.disabled = true;
    try {
      if (!window.vegaEmbed) await load("_static/vega.js");
      await load(`_charts/${button.dataset.chart}.js`);
      place = document.createElement("div");
      place.className = "moving picture";
      place.tabIndex = 0;
      place.setAttribute("role", "group");
      place.setAttribute("aria-label", "The same figure, to filter");
      pictures[pictures.length - 1].after(place);
      await window.vegaEmbed(place, atHome(window.lscCharts[button.dataset.chart]), {
        mode: "vega", renderer: "svg", ast: true, actions: false,
      });
      for (const picture of pictures) picture.hidden = true;
      button.textContent = "Back to the picture";
    } catch (error) {
      place?.remove();
      button.textContent = `It cannot be shown: ${error.message}`;
    } finally {
      button.disabled = false;
    }
  }

  for (const button of document.querySelectorAll("button.explore")) {
    button.hidden = false;
    button.addEventListener("click", () => explore(button));
  }
})();

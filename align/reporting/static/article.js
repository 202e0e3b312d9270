/* The page of an article: moving between beads, folding the translation, searching, the minimap. */
{
  const beads = [...document.querySelectorAll(".bead")];
  const places = [...document.querySelectorAll(".headline, .bead")];
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const root = document.documentElement;

  /* The place one is at: focused or named in the address, else the first one in view. */
  function here() {
    const focused = document.activeElement.closest(".bead, .headline");
    if (focused) return { index: places.indexOf(focused), exact: true };
    const named = document.getElementById(location.hash.slice(1));
    const box = named?.getBoundingClientRect();
    if (box && box.bottom > 0 && box.top < innerHeight && places.includes(named)) {
      return { index: places.indexOf(named), exact: true };
    }
    const seen = places.findIndex((place) => place.getBoundingClientRect().bottom > 120);
    return { index: seen < 0 ? places.length - 1 : seen, exact: false };
  }

  function go(place) {
    if (!place) return false;
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: "nearest", behavior: still.matches ? "auto" : "smooth" });
    say(`#${place.id}`);
    return true;
  }

  /* The next (step 1) or previous (-1) place that fits, as seen from where one is. */
  function move(step, fits) {
    const { index, exact } = here();
    for (let n = exact ? index + step : index; places[n]; n += step) {
      if (fits(places[n])) return go(places[n]);
    }
    return true;
  }

  const isBead = (place) => place.classList.contains("bead");
  const isLook = (place) => place.classList.contains("look");
  /* Arrows scroll as ever, until one moves from bead to bead. */
  const arrow = (step) => () => document.activeElement.matches(".bead") && move(step, isBead);

  /* Folding, remembered where the browser lets a file remember. */
  const fold = document.getElementById("fold");
  function setFold(on) {
    if (!fold) return false;
    root.classList.toggle("fold", on);
    fold.setAttribute("aria-pressed", String(on));
    try {
      localStorage.setItem("align-fold", on ? "1" : "");
    } catch {
      /* Not remembered then. */
    }
    drawView();
    return true;
  }
  const toggle = () => setFold(!root.classList.contains("fold"));
  fold?.addEventListener("click", toggle);
  document.querySelectorAll(".strip").forEach((strip) => strip.addEventListener("click", toggle));

  /* Search: every bead or headline that holds the words, marked without touching the text. */
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  let hits = [];
  let at = -1;

  function ranges(place, words) {
    const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    const all = [];
    while (walker.nextNode()) {
      const text = walker.currentNode.data.toLowerCase();
      if (text.length !== walker.currentNode.length) continue;
      for (let from = text.indexOf(words); from >= 0; from = text.indexOf(words, from + words.length)) {
        const range = new Range();
        range.setStart(walker.currentNode, from);
        range.setEnd(walker.currentNode, from + words.length);
        all.push(range);
      }
    }
    return all;
  }

  function find() {
    const words = search.value.trim().toLowerCase();
    const marks = [];
    at = -1;
    hits = !words
      ? []
      : [document.querySelector(".head"), ...places].filter((place) => {
          const inPlace = ranges(place, words);
          marks.push(...inPlace);
          return inPlace.length > 0;
        });
    if (CSS.highlights) CSS.highlights.set("found", new Highlight(...marks));
    found.value = !words ? "" : hits.length ? `${hits.length} ${hits.length === 1 ? "place" : "places"}` : "nowhere";
    hits[0]?.scrollIntoView({ block: "nearest" });
  }

  search.addEventListener("input", find);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !hits.length) return;
    at = (at + (event.shiftKey ? -1 : 1) + hits.length) % hits.length;
    for (const range of ranges(hits[at], search.value.trim().toLowerCase())) {
      const folded = range.startContainer.parentElement.closest("details");
      if (folded) folded.open = true;
    }
    hits[at].scrollIntoView({ block: "center" });
    found.value = `${at + 1} of ${hits.length} ${hits.length === 1 ? "place" : "places"}`;
    if (hits[at].id) say(`#${hits[at].id}`);
  });

  /* The minimap: a bead's place on it was computed with the page; between beads it is in proportion. */
  const map = document.querySelector(".minimap");
  const view = map?.querySelector(".view");
  const placeOf = (n) => (n < beads.length ? Number(beads[n].dataset.place) : 1000);

  function firstBelow(y) {
    let low = 0;
    let high = beads.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (beads[middle].getBoundingClientRect().bottom <= y) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function onMap(y) {
    const n = firstBelow(y);
    if (n >= beads.length) return 1000;
    const box = beads[n].getBoundingClientRect();
    const into = Math.max(0, Math.min(1, (y - box.top) / box.height));
    return placeOf(n) + into * (placeOf(n + 1) - placeOf(n));
  }

  function drawView() {
    if (!view) return;
    const top = onMap(100);
    view.setAttribute("y", String(top));
    view.setAttribute("height", String(Math.max(4, onMap(innerHeight) - top)));
  }

  let waiting = false;
  function later() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      drawView();
    });
  }
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later);
  map?.addEventListener("click", (event) => {
    const box = map.getBoundingClientRect();
    const y = ((event.clientY - box.top) / box.height) * 1000;
    go(beads.findLast((bead) => Number(bead.dataset.place) <= y));
  });

  setUpKeys({
    j: () => move(1, isBead),
    k: () => move(-1, isBead),
    n: () => move(1, isLook),
    p: () => move(-1, isLook),
    t: toggle,
    arrowdown: arrow(1),
    arrowup: arrow(-1),
  });
  let folded = "";
  try {
    folded = localStorage.getItem("align-fold");
  } catch {
    /* Nothing is remembered. */
  }
  setFold(folded === "1");
  drawView();
}

/* Keys that both pages share: what was pressed, the list of keys, the way into the search and out of it. */
"use strict";

/* The letter of a key, also where the keyboard writes hangul or Cyrillic: then the place of the key counts. */
function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return "";
  const ascii = event.key.length > 1 || event.key < "\u007f";
  return ascii ? event.key.toLowerCase() : event.code.replace("Key", "").toLowerCase();
}

function writing(event) {
  return event.target.closest("input, select, textarea, dialog") !== null;
}

/* The place in the page, without a step in the history: j, j, j and one "back" leaves the page. */
function say(place) {
  try {
    history.replaceState(null, "", place);
  } catch {
    /* Some browsers forbid it for files; the page works without. */
  }
}

function setUpKeys(actions) {
  const search = document.getElementById("search");
  const list = document.getElementById("keys");
  const help = document.getElementById("help");
  document.querySelectorAll(".tools").forEach((tools) => {
    tools.hidden = false;
    tools.addEventListener("submit", (event) => event.preventDefault());
  });
  help?.addEventListener("click", () => list.showModal());
  document.addEventListener("keydown", (event) => {
    const key = pressed(event);
    if (key === "escape" && event.target === search) {
      search.value = "";
      search.dispatchEvent(new Event("input"));
      search.blur();
    } else if (writing(event)) {
      return;
    } else if (key === "/" && search) {
      search.focus();
      search.select();
    } else if (key === "?") {
      list.showModal();
    } else if (!actions[key]?.(event)) {
      return;
    }
    event.preventDefault();
  });
}

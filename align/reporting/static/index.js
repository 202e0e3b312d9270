/* The index: sorting and filtering the articles; both live in the address, so that it can be sent on. */
{
  const table = document.getElementById("articles");
  const body = table?.tBodies[0];
  const rows = table ? [...body.rows] : [];
  const search = document.getElementById("search");
  const trait = document.getElementById("trait");
  const lang = document.getElementById("lang");
  const heads = table ? [...table.tHead.querySelectorAll("[data-sort]")] : [];
  const suspicious = document.getElementById("suspicious");
  /* As built, the most suspicious stand first. */
  let ordered = "suspicion down";
  const titles = rows.map((row) => row.querySelector(".headline").textContent.toLowerCase());

  /* What the address says, and back. */
  function read() {
    const hash = new URLSearchParams(location.hash.slice(1));
    return {
      q: hash.get("q") || "",
      show: hash.get("show") || "",
      lang: hash.get("lang") || "",
      sort: heads.some((head) => head.dataset.sort === hash.get("sort")) ? hash.get("sort") : "suspicion",
      dir: hash.get("dir") === "up" ? "up" : "down",
    };
  }

  function write(state, step) {
    const kept = Object.entries(state).filter(([key, value]) => value && !(state.sort === "suspicion" && (key === "sort" || key === "dir")));
    const hash = `#${new URLSearchParams(kept)}`;
    if (step) location.hash = hash;
    else say(hash);
    show();
  }

  /* What is not known stands last, whichever way one sorts. */
  function compare(a, b, { sort, dir }) {
    const [left, right] = [a.dataset[sort], b.dataset[sort]];
    if (!left || !right) return Number(!left) - Number(!right);
    const order = sort === "date" || sort === "title" ? left.localeCompare(right) : left - right;
    return dir === "up" ? order : -order;
  }

  function show() {
    const state = read();
    const words = state.q.toLowerCase();
    let n = 0;
    rows.forEach((row, index) => {
      const fits =
        titles[index].includes(words) &&
        (!state.show || row.dataset.traits.split(" ").includes(state.show)) &&
        (!state.lang || row.dataset.lang === state.lang);
      row.hidden = !fits;
      n += fits;
    });
    /* Rows move only when the order changes: with thousands of them that is what takes time. */
    const order = `${state.sort} ${state.dir}`;
    if (order !== ordered) body.append(...rows.toSorted((a, b) => compare(a, b, state)));
    ordered = order;
    heads.forEach((head) => {
      if (head.dataset.sort === state.sort) head.setAttribute("aria-sort", state.dir === "up" ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    });
    suspicious.setAttribute("aria-pressed", String(state.sort === "suspicion"));
    if (search.value.trim() !== state.q) search.value = state.q;
    trait.value = state.show;
    if (lang) lang.value = state.lang;
    document.getElementById("shown").value = n === rows.length ? `${n} ${n === 1 ? "article" : "articles"}` : `${n} of ${rows.length} articles`;
    document.getElementById("none").hidden = n > 0;
  }

  function step(by) {
    const links = rows.map((row) => row.querySelector("a"));
    const seen = [...body.rows].filter((row) => !row.hidden).map((row) => links[rows.indexOf(row)]);
    const now = seen.indexOf(document.activeElement);
    const next = seen[Math.max(0, Math.min(seen.length - 1, now + by))];
    next?.focus();
    return true;
  }

  if (table) {
    heads.forEach((head) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const state = read();
        const sort = head.dataset.sort;
        /* Figures start with the largest, confidence, score and headlines with the smallest. */
        const first = ["confidence", "score", "title"].includes(sort) ? "up" : "down";
        const other = state.dir === "up" ? "down" : "up";
        write({ ...state, sort, dir: state.sort === sort ? other : first }, true);
      });
    });
    suspicious.addEventListener("click", () => write({ ...read(), sort: "suspicion", dir: "down" }, true));
    search.addEventListener("input", () => write({ ...read(), q: search.value.trim() }, false));
    trait.addEventListener("change", () => write({ ...read(), show: trait.value }, true));
    lang?.addEventListener("change", () => write({ ...read(), lang: lang.value }, true));
    addEventListener("hashchange", show);
    show();
  }
  setUpKeys({ j: () => table && step(1), k: () => table && step(-1) });
}

"use strict";
// Filters the quotes, leads figures to exactly their quotes, sorts tables, copies citations. Nothing is asked of anywhere.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const form = document.getElementById("filters");
  const names = ["theme", "stance", "report", "country", "source_type", "publisher", "source", "year", "state", "asked", "quotes"];
  const state = {};

  const matches = (quote) => {
    const held = { ...quote.closest("details.report-quotes").dataset, ...quote.dataset };
    for (const name of names) {
      const wanted = state[name];
      if (wanted === undefined) continue;
      if (name === "quotes") {
        if (!(` ${wanted} `).includes(` ${quote.id} `)) return false;
      } else if (name === "theme") {
        if (!(` ${held.themes} `).includes(` ${wanted} `)) return false;
      } else if (name === "asked") {
        if (!(` ${held.asked || ""} `).includes(` ${wanted} `)) return false;
      } else if (name === "stance") {
        const pairs = (held.stances || "").split(" ");
        if (!pairs.some((pair) => pair.endsWith(`=${wanted}`) && (state.theme === undefined || pair === `${state.theme}=${wanted}`))) return false;
      } else if ((held[name === "source_type" ? "sourceType" : name] || "") !== wanted) return false;
    }
    return !state.text || quote.textContent.toLowerCase().includes(state.text);
  };

  const apply = () => {
    let shown = 0;
    for (const group of all("details.report-quotes")) {
      let mine = 0;
      for (const quote of all("article.quote", group)) {
        const hit = matches(quote);
        quote.hidden = !hit;
        if (hit) mine += 1;
      }
      group.hidden = mine === 0;
      const count = group.querySelector(".count-shown");
      if (count) count.textContent = String(mine);
      shown += mine;
    }
    document.body.dataset.theme = state.theme || "";
    for (const mark of all(".says")) mark.classList.toggle("off", state.theme !== undefined && !(` ${mark.dataset.themes} `).includes(` ${state.theme} `));
    const told = document.getElementById("shown");
    told.textContent = `${shown} ${shown === 1 ? "quote" : "quotes"}`;
    told.dataset.shown = String(shown);
    for (const field of all("select[name], input[name]", form)) field.value = state[field.name] ?? (field.tagName === "SELECT" ? "*" : "");
  };

  const only = (wanted) => {
    for (const name of [...names, "text"]) delete state[name];
    Object.assign(state, wanted);
    apply();
    for (const group of all("details.report-quotes")) group.open = !group.hidden;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-only]");
    if (link) {
      event.preventDefault();
      only(JSON.parse(link.dataset.only));
      document.getElementById("quotes").scrollIntoView();
      document.getElementById("shown").focus();
      return;
    }
    const cite = event.target.closest("button.cite");
    if (cite) {
      const quote = cite.closest("article.quote");
      const said = quote.dataset.source ? `${quote.dataset.source}: ` : "";
      const citation = `${said}${quote.closest("details.report-quotes").dataset.title}, ${cite.dataset.place} [${quote.querySelector("bdi").textContent}]`;
      navigator.clipboard.writeText(citation).then(() => { cite.textContent = "copied"; }, () => { cite.textContent = citation; });
      return;
    }
    const head = event.target.closest("table.sortable thead button");
    if (head) sort(head);
  });

  const sort = (button) => {
    const cell = button.closest("th");
    const column = [...cell.parentNode.children].indexOf(cell);
    const body = cell.closest("table").tBodies[0];
    const down = cell.getAttribute("aria-sort") === "ascending";
    for (const other of cell.parentNode.children) other.removeAttribute("aria-sort");
    cell.setAttribute("aria-sort", down ? "descending" : "ascending");
    const key = (row) => row.children[column].dataset.key ?? row.children[column].textContent.trim();
    const number = (text) => (text !== "" && !Number.isNaN(Number(text)) ? Number(text) : null);
    const rows = [...body.rows].sort((one, two) => {
      const [first, second] = [key(one), key(two)];
      const [left, right] = [number(first), number(second)];
      return left !== null && right !== null ? left - right : first.localeCompare(second);
    });
    if (down) rows.reverse();
    body.append(...rows);
  };

  form.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.name) return;
    if (field.name === "text") state.text = field.value.trim().toLowerCase();
    else if (field.value === "*") delete state[field.name];
    else state[field.name] = field.value;
    apply();
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    only({});
  });
  form.hidden = false;
  document.documentElement.classList.add("scripted");
  apply();
})();

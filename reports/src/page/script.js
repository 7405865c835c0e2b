"use strict";

// One cursor across all charts over time.
const figures = [...document.querySelectorAll("figure[data-from]")];
const cursors = figures.map((figure) => {
  const cursor = document.createElement("div");
  cursor.className = "cursor";
  cursor.hidden = true;
  cursor.append(document.createElement("span"));
  figure.querySelector(".picture").append(cursor);
  return cursor;
});
function point(figure, event) {
  const { left, right, from, to } = figure.dataset;
  const box = figure.querySelector(".picture").getBoundingClientRect();
  const share = (event.clientX - box.left) / box.width;
  const along = (share - left) / (right - left);
  const inside = along >= 0 && along <= 1;
  const span = to - from;
  const digits = span >= 60 ? 1 : span >= 5 ? 2 : 3;
  cursors.forEach((cursor, index) => {
    cursor.hidden = !inside;
    cursor.style.left = `${share * 100}%`;
    cursor.firstChild.hidden = figures[index] !== figure;
    cursor.firstChild.textContent = `${(Number(from) + along * span).toFixed(digits)} s`;
  });
}
figures.forEach((figure) => {
  const picture = figure.querySelector(".picture");
  picture.addEventListener("pointermove", (event) => point(figure, event));
  picture.addEventListener("pointerleave", () => cursors.forEach((cursor) => (cursor.hidden = true)));
});

// Tables sort by the column whose heading is chosen.
function key(row, column) {
  const cell = row.cells[column];
  return "value" in cell.dataset ? Number(cell.dataset.value) : cell.textContent.trim();
}
function compare(a, b) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return typeof a === typeof b ? a.localeCompare(b) : typeof a === "number" ? -1 : 1;
}
document.querySelectorAll("table.sortable").forEach((table) => {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    head.setAttribute("aria-sort", "none");
    head.tabIndex = 0;
    const sort = () => {
      const sign = head.getAttribute("aria-sort") === "descending" ? 1 : -1;
      heads.forEach((other) => other.setAttribute("aria-sort", "none"));
      head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
      const rows = [...table.tBodies[0].rows];
      rows.sort((a, b) => sign * compare(key(a, column), key(b, column)));
      table.tBodies[0].append(...rows);
    };
    head.addEventListener("click", sort);
    head.addEventListener("keydown", (event) => event.key === "Enter" && sort());
  });
});

// The command that repeats the run, to the clipboard.
document.querySelectorAll("button[data-copy]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
  });
});

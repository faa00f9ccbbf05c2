// Data tables: pages of rows, and rows in order of the column whose heading was pressed (up, down, as sent).
import { after } from "./regions.js";

const states = new WeakMap();
const stateOf = (box) => states.get(box) ?? { page: 0, column: null, direction: 1 };

function valueIn(row, column) {
  const cell = row.children[column];
  return cell?.dataset.number === undefined ? (cell?.textContent ?? "") : Number(cell.dataset.number);
}

function compare(one, other) {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other), "en", { numeric: true });
}

function show(box) {
  const state = stateOf(box);
  const size = Number(box.dataset.pageSize);
  const rows = [...box.querySelectorAll("tbody tr")];
  const keyOf = (row) => (state.column === null ? Number(row.dataset.row) : valueIn(row, state.column));
  rows.sort((one, other) => compare(keyOf(one), keyOf(other)) * state.direction || one.dataset.row - other.dataset.row);
  box.querySelector("tbody")?.append(...rows);
  rows.forEach((row, at) => {
    row.hidden = Math.floor(at / size) !== state.page;
  });
  box.querySelectorAll("th[aria-sort]").forEach((heading, at) => {
    const sorted = state.direction > 0 ? "ascending" : "descending";
    heading.setAttribute("aria-sort", at === state.column ? sorted : "none");
  });
  const pager = box.querySelector(".pager");
  if (!pager) return;
  const last = Math.min((state.page + 1) * size, rows.length);
  pager.querySelector("span").textContent = `${state.page * size + 1}–${last} of ${rows.length}`;
  const [earlier, later] = pager.querySelectorAll("button");
  earlier.disabled = state.page === 0;
  later.disabled = last === rows.length;
}

function sorted(state, column) {
  if (state.column !== column) return { page: 0, column, direction: 1 };
  return state.direction > 0 ? { page: 0, column, direction: -1 } : { page: 0, column: null, direction: 1 };
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sort], [data-page-step]");
  const box = button?.closest("[data-table]");
  if (!box) return;
  const state = stateOf(box);
  const { sort, pageStep } = button.dataset;
  states.set(box, sort ? sorted(state, Number(sort)) : { ...state, page: state.page + Number(pageStep) });
  show(box);
});

function showAll(region) {
  for (const box of region.querySelectorAll("[data-table]")) if (states.has(box)) show(box);
}
for (const region of ["messages", "thread", "home", "modals"]) after(region, showAll);

// Selects with type-ahead: people, channels, external options, and everything of which several can be chosen.
import { ask, toast } from "./control.js";
import { find } from "./directory.js";

let tools;
const pickers = new Map();

// A box that is no element of the app's: what is picked in it (`data-picks`) is given to `work`.
export function attachPicker(name, work) {
  pickers.set(name, work);
}

export function attachComboboxes(given) {
  tools = given;
  document.addEventListener("focusout", (event) => partsOf(event.target) && setTimeout(() => settle(event.target), 120));
  document.addEventListener("input", (event) => partsOf(event.target) && search(event.target));
  document.addEventListener("click", (event) => partsOf(event.target) && open(event.target));
  document.addEventListener("keydown", onKey);
  document.addEventListener("mousedown", (event) => {
    const item = event.target.closest(".combo [role=option]");
    if (!item) return;
    event.preventDefault();
    choose(item);
  });
  document.addEventListener("click", (event) => {
    const cross = event.target.closest(".chip-x");
    if (!cross) return;
    const combo = cross.closest(".combo");
    unchoose(combo, cross.closest("li").dataset.value);
    combo.querySelector("input").focus();
  });
}

function partsOf(input) {
  const combo = input.matches?.(".combo > input") ? input.parentElement : null;
  return combo && { combo, list: combo.querySelector("[role=listbox]"), many: combo.dataset.multiple === "true" };
}

// Choices that are not on the page are asked for: from the app, or, where a workspace is large, from the local Slack.
const isAsked = (combo) => combo.dataset.external === "true" || Boolean(combo.dataset.find);
const shortest = (combo) => (combo.dataset.find ? 0 : Number(combo.dataset.minQuery));

const visible = (list) => [...list.querySelectorAll("[role=option]:not([hidden])")];

function open(input) {
  const { list, combo, many } = partsOf(input);
  if (!list.hidden) return;
  if (!many) input.select();
  filter(list, "");
  show(input, list, !isAsked(combo) || list.children.length > 0);
  if (isAsked(combo) && shortest(combo) === 0) suggest(input, many ? input.value : "");
}

function show(input, list, yes) {
  list.hidden = !yes;
  input.setAttribute("aria-expanded", String(yes));
  if (!yes) point(input, list, null);
}

function point(input, list, item) {
  for (const other of list.querySelectorAll(".pointed")) other.classList.remove("pointed");
  input.removeAttribute("aria-activedescendant");
  if (!item) return;
  item.id ||= `${list.id}-${[...list.children].indexOf(item)}`;
  item.classList.add("pointed");
  item.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", item.id);
}

function filter(list, words) {
  for (const item of list.querySelectorAll("[role=option]")) {
    item.hidden = !words.toLowerCase().split(/\s+/).every((word) => item.dataset.search.includes(word));
  }
}

function search(input) {
  const { combo, list, many } = partsOf(input);
  if (!many) {
    delete input.dataset.chosen;
    delete input.dataset.option;
  }
  if (isAsked(combo)) {
    clearTimeout(combo.asking);
    if (input.value.length < shortest(combo)) return askForMore(input, list, shortest(combo));
    combo.asking = setTimeout(() => suggest(input, input.value), combo.dataset.find ? 80 : 200);
    return undefined;
  }
  filter(list, input.value);
  show(input, list, true);
  return point(input, list, visible(list)[0] ?? null);
}

// The app wants to be asked only from so many letters on (`min_query_length`, 3 unless it says otherwise).
function askForMore(input, list, least) {
  list.replaceChildren(note(`Type ${least} letters or more`));
  show(input, list, input.value.length > 0);
}

async function suggest(input, asked) {
  const { combo, list } = partsOf(input);
  const typed = input.value;
  list.replaceChildren(note("Searching…"));
  show(input, list, true);
  const said = combo.dataset.find
    ? await foundIn(combo.dataset, asked)
    : await ask("suggest", { ...tools.idsOf(combo), ...tools.whereIs(combo), value: asked });
  if (input.value !== typed) return;
  const groups = said.option_groups?.length ? said.option_groups : [{ options: said.options ?? [] }];
  const chosen = new Set([...combo.querySelectorAll(".chips li")].map(({ dataset }) => dataset.value));
  const items = groups.flatMap(({ label, options }) => [...(label ? [note(label.text)] : []), ...options.map(optionItem)]);
  for (const item of items) if (chosen.has(item.dataset.value)) item.setAttribute("aria-selected", "true");
  list.replaceChildren(...(items.length ? items : [note(said.failure ?? "Nothing found")]));
  point(input, list, visible(list)[0] ?? null);
}

async function foundIn({ find: kind, filter: wanted }, words) {
  const found = await find(kind, words, wanted ? { filter: wanted } : {});
  return { options: found.map(({ id, name, note: text }) => ({ value: id, text: { text: name }, description: { text } })) };
}

function note(text) {
  const item = Object.assign(document.createElement("li"), { textContent: text, className: "opt-note" });
  item.setAttribute("role", "presentation");
  return item;
}

function optionItem(option) {
  const item = document.createElement("li");
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  Object.assign(item.dataset, { value: option.value, option: JSON.stringify(option), search: option.text.text.toLowerCase() });
  item.append(Object.assign(document.createElement("span"), { className: "opt-label", textContent: option.text.text }));
  if (option.description?.text) item.append(Object.assign(document.createElement("span"), { className: "opt-note", textContent: option.description.text }));
  return item;
}

function choose(item) {
  const combo = item.closest(".combo");
  const input = combo.querySelector("input");
  const { list, many } = partsOf(input);
  if (combo.dataset.find) delete item.dataset.option; // a person is told by id, an option of the app whole
  const label = item.querySelector(".opt-label").textContent;
  if (many) {
    if (item.getAttribute("aria-selected") === "true") return unchoose(combo, item.dataset.value);
    const chips = combo.querySelector(".chips");
    if (chips.children.length >= Number(combo.dataset.max ?? Infinity)) {
      return toast(`At most ${combo.dataset.max} can be chosen here. Remove one first.`);
    }
    item.setAttribute("aria-selected", "true");
    chips.append(chip(item, label));
    input.value = "";
    filter(list, "");
  } else {
    for (const other of list.querySelectorAll("[aria-selected=true]")) other.setAttribute("aria-selected", "false");
    item.setAttribute("aria-selected", "true");
    input.value = label;
    input.dataset.chosen = item.dataset.value;
    if (item.dataset.option) input.dataset.option = item.dataset.option;
    show(input, list, false);
  }
  if (combo.dataset.picks) return pickers.get(combo.dataset.picks)?.(item.dataset.value);
  return tools.changed(combo, "on_change");
}

function chip(item, label) {
  const made = document.createElement("li");
  made.dataset.value = item.dataset.value;
  if (item.dataset.option) made.dataset.option = item.dataset.option;
  const cross = Object.assign(document.createElement("button"), { type: "button", className: "chip-x", textContent: "×" });
  cross.setAttribute("aria-label", `Remove ${label}`);
  made.append(Object.assign(document.createElement("span"), { textContent: label }), cross);
  return made;
}

function unchoose(combo, value) {
  const named = (node) => node.dataset.value === value;
  [...combo.querySelectorAll(".chips li")].find(named)?.remove();
  [...combo.querySelectorAll("[role=option]")].find(named)?.setAttribute("aria-selected", "false");
  if (!combo.dataset.picks) tools.changed(combo, "on_change");
}

// Leaving a single select with half a word in it puts back what is chosen, or clears it.
function settle(input) {
  if (document.activeElement === input || !input.isConnected) return;
  const { combo, list, many } = partsOf(input);
  show(input, list, false);
  if (combo.dataset.picks) {
    input.value = input.defaultValue;
  } else if (many) {
    input.value = "";
  } else if (!input.dataset.chosen && list.querySelector("[aria-selected=true]")) {
    for (const item of list.querySelectorAll("[aria-selected=true]")) item.setAttribute("aria-selected", "false");
    input.value = "";
    tools.changed(combo, "on_change");
  } else if (!input.dataset.chosen) {
    input.value = "";
  }
}

function onKey(event) {
  const parts = partsOf(event.target);
  if (!parts) return;
  const { combo, list, many } = parts;
  const input = event.target;
  const items = visible(list);
  const at = items.findIndex((item) => item.classList.contains("pointed"));
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) {
    event.preventDefault();
    if (list.hidden) open(input);
    point(input, list, items[(at + steps[event.key] + items.length) % items.length] ?? null);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (!list.hidden && items[at]) choose(items[at]);
  } else if (event.key === "Escape" && !list.hidden) {
    event.preventDefault(); // the first Esc closes the list, the next one the modal
    event.stopPropagation();
    show(input, list, false);
  } else if (event.key === "Backspace" && many && !input.value) {
    const last = combo.querySelector(".chips li:last-child");
    if (last) unchoose(combo, last.dataset.value);
  }
}

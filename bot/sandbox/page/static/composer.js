// The composer: sending, growing, suggestions for slash commands and people.
import { ask, tell } from "./control.js";
import { find } from "./directory.js";
import { channel, refresh, user } from "./regions.js";

const known = JSON.parse(document.body.dataset.suggest);
const drafts = (form) => `draft:${user}:${channel}:${form.dataset.composer}`;
const fieldOf = (form) => form.querySelector("textarea");

const ANYBODY = [["@here", "Everybody here who is online"], ["@channel", "Everybody here"]];

// What may be completed: which words ask for it, and what is offered.
const SOURCES = [
  {
    pattern: /^\/(\S*)$/,
    find: (word) => known.commands.filter(({ name }) => name.startsWith(`/${word}`))
      .map(({ name, hint: usage, text }) => ({ put: `${name} `, title: name, usage, text })),
  },
  {
    pattern: /(?:^|\s)@([\p{L}.-]*)$/u,
    find: async (word) => [
      ...(await find("mentions", word)).slice(0, 8).map(({ id, name, note }) => ({ put: `@${name} `, title: name, text: note, id })),
      ...ANYBODY.filter(([name]) => word && name.startsWith(`@${word}`)).map(([name, text]) => ({ put: `${name} `, title: name, text })),
    ],
  },
  {
    pattern: /(?:^|\s)#([\p{L}\d_-]*)$/u,
    find: async (word) => (await find("channels", word)).slice(0, 8).map(({ name, note }) => ({ put: `${name} `, title: name, text: note })),
  },
];

// Names that were picked from the list: two people may be called the same, so the message says which one is meant.
const picked = new Map();

function named(text) {
  const longestFirst = [...picked].sort(([one], [other]) => other.length - one.length);
  picked.clear();
  return longestFirst.reduce((words, [written, id]) => words.replaceAll(written, `<@${id}>`), text);
}

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 220)}px`;
}

async function send(form) {
  const field = fieldOf(form);
  const text = field.value.trim();
  if (!text) return;
  const threadTs = form.dataset.composer === "thread" ? new URLSearchParams(location.search).get("thread") : undefined;
  field.value = "";
  keepDraft(form);
  hide(form);
  grow(field);
  // A command that fails is explained by a note in the conversation; anything else that fails gives the words back.
  const isCommand = text.startsWith("/") && !threadTs;
  const said = await (isCommand ? ask : tell)("say", { channel, text: named(text), thread_ts: threadTs ?? undefined });
  if (said.failure && !isCommand && !field.value) {
    field.value = text;
    keepDraft(form);
  }
  await refresh("messages", "thread");
  const scroller = form.parentElement.querySelector("[data-scroll]");
  scroller.scrollTop = scroller.scrollHeight;
}

function keepDraft(form) {
  const { value } = fieldOf(form);
  if (value) sessionStorage.setItem(drafts(form), value);
  else sessionStorage.removeItem(drafts(form));
}

export function restoreDrafts(root) {
  for (const form of root.querySelectorAll("[data-composer]")) {
    const kept = sessionStorage.getItem(drafts(form));
    if (!kept || fieldOf(form).value) continue;
    fieldOf(form).value = kept;
    grow(fieldOf(form));
  }
}

export function insert(form, text) {
  const field = fieldOf(form);
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  keepDraft(form);
}

const listOf = (form) => form.querySelector(".hints");

function hide(form) {
  listOf(form).hidden = true;
  fieldOf(form).removeAttribute("aria-activedescendant");
}

async function suggest(form) {
  const field = fieldOf(form);
  const before = field.value.slice(0, field.selectionStart);
  const source = SOURCES.find(({ pattern }) => pattern.test(before));
  const word = source?.pattern.exec(before)[1];
  const found = source ? await source.find(word) : [];
  if (field.value.slice(0, field.selectionStart) !== before) return; // somebody typed on meanwhile
  listOf(form).replaceChildren(...found.map((one, index) => hint(one, word.length + 1, `${listOf(form).id}-${index}`)));
  listOf(form).hidden = found.length === 0;
  if (found.length) point(form, listOf(form).firstChild);
  else hide(form);
}

function hint({ put, title, usage, text, id: names = "" }, replaces, id) {
  const item = document.createElement("li");
  Object.assign(item, { id });
  item.setAttribute("role", "option");
  Object.assign(item.dataset, { put, replaces, names });
  const parts = [["strong", title], ["code", usage], ["span", text]].filter(([, words]) => words);
  item.append(...parts.map(([tag, words]) => Object.assign(document.createElement(tag), { textContent: words })));
  return item;
}

function point(form, item) {
  for (const other of listOf(form).children) {
    other.classList.toggle("pointed", other === item);
    other.setAttribute("aria-selected", String(other === item));
  }
  fieldOf(form).setAttribute("aria-activedescendant", item.id);
}

function take(form, item) {
  const field = fieldOf(form);
  const end = field.selectionStart;
  const { put, names } = item.dataset;
  if (names) picked.set(put.trim(), names);
  field.setRangeText(put, end - Number(item.dataset.replaces), end, "end");
  hide(form);
  field.focus();
  keepDraft(form);
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-composer]");
  if (!form) return;
  event.preventDefault();
  send(form);
});

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-composer]");
  if (!form) return;
  grow(event.target);
  keepDraft(form);
  suggest(form);
});

document.addEventListener("mousedown", (event) => {
  const item = event.target.closest(".hints [role=option]");
  if (!item) return;
  event.preventDefault();
  take(item.closest("form"), item);
});

document.addEventListener("focusout", (event) => {
  const form = event.target.closest?.("[data-composer]");
  if (form && !form.contains(event.relatedTarget)) hide(form);
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-composer]");
  if (!form || !event.target.matches("textarea") || event.isComposing) return;
  const items = [...listOf(form).children];
  const pointed = items.findIndex((item) => item.classList.contains("pointed"));
  const listed = !listOf(form).hidden;
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (listed && event.key in steps) {
    event.preventDefault();
    point(form, items[(pointed + steps[event.key] + items.length) % items.length]);
  } else if (listed && (event.key === "Tab" || event.key === "Enter") && items[pointed].dataset.put.trim() !== event.target.value.trim()) {
    event.preventDefault();
    take(form, items[pointed]);
  } else if (listed && event.key === "Escape") {
    event.stopPropagation();
    hide(form);
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    send(form);
  }
});

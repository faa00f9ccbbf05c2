// Type-ahead of the editor: people, groups and everybody after @, channels after #, emoji after a colon.
import { find } from "./directory.js";
import * as edits from "./rich_edits.js";
import { placeBelow } from "./rich_link.js";
import { charCells } from "./rich_text.js";

const SHOWN = 8;
const EVERYBODY = [["here", "Everybody here who is online"], ["channel", "Everybody in the channel"], ["everyone", "Everybody in the workspace"]];

const emojiMenu = () => document.getElementById("emoji-menu");
const unicodeOf = (sign) => [...sign].map((part) => part.codePointAt(0).toString(16).padStart(4, "0")).join("-");

function emojiNamed(word) {
  const tone = emojiMenu().querySelector("[name=tone]:checked")?.value ?? "";
  const tones = [...emojiMenu().querySelectorAll("[name=tone]")].map(({ value }) => value);
  const names = new Map([...emojiMenu().querySelectorAll("[data-emoji]")].map((button) => [button.dataset.emoji, button]));
  const fits = [...names].filter(([name]) => name.includes(word.toLowerCase()));
  fits.sort(([one], [other]) => Number(other.startsWith(word)) - Number(one.startsWith(word)));
  return fits.map(([name, button]) => {
    const toned = tone && button.dataset.tones;
    const sign = button.dataset.tones ? button.dataset.tones.split(" ")[toned ? tones.indexOf(tone) : 0] : button.textContent.trim();
    return { atom: { type: "emoji", name, unicode: unicodeOf(sign), ...(toned ? { skin_tone: Number(tone) } : {}) }, label: sign, title: `${sign} :${name}:`, note: "" };
  });
}

async function mentioned(word, { box }) {
  const people = await find("mentions", word);
  const groups = JSON.parse(box.dataset.groups).filter(({ handle }) => handle.startsWith(word.toLowerCase()));
  return [
    ...people.slice(0, SHOWN).map(({ id, name, note }) => ({ atom: { type: "user", user_id: id }, label: `@${name}`, title: name, note })),
    ...groups.slice(0, 3).map(({ id, handle }) => ({ atom: { type: "usergroup", usergroup_id: id }, label: `@${handle}`, title: `@${handle}`, note: "User group" })),
    ...EVERYBODY.filter(([range]) => word && range.startsWith(word.toLowerCase()))
      .map(([range, note]) => ({ atom: { type: "broadcast", range }, label: `@${range}`, title: `@${range}`, note })),
  ];
}

const SOURCES = [
  { pattern: /(?:^|[\s(])@((?:[\p{L}\d._'-]+ ?){0,3})$/u, find: mentioned },
  {
    pattern: /(?:^|[\s(])#([\p{L}\d_-]*)$/u,
    find: async (word) => (await find("channels", word)).map(({ id, name, note }) => ({ atom: { type: "channel", channel_id: id }, label: name, title: name, note })),
  },
  { pattern: /(?:^|[\s(]):([a-z0-9_+-]{2,})$/iu, find: emojiNamed },
];

const BARE_COLON = { pattern: /(?:^|\s):()$/, find: emojiNamed };

const listOf = ({ box }) => box.querySelector(".rich-found");
const isOpen = (editor) => listOf(editor).matches(":popover-open");

export function hideFound(editor) {
  editor.root.removeAttribute("aria-activedescendant");
  if (isOpen(editor)) listOf(editor).hidePopover();
}

function wordsBefore({ doc, at: { from, to } }) {
  const { kind, cells } = doc[from.b];
  if (from.b !== to.b || from.o !== to.o || kind === "code" || cells[from.o - 1]?.style?.code) return "";
  return edits.lineBefore(doc, from).map(({ ch }) => ch ?? "\ufffc").join("");
}

// Offers what fits the word before the caret; `commit` takes what is chosen. A colon alone asks for emoji only when the
// button wrote it: people end sentences with colons.
export async function suggest(editor, commit) {
  const words = wordsBefore(editor);
  const sources = editor.asked ? [...SOURCES, BARE_COLON] : SOURCES;
  const source = sources.find(({ pattern }) => pattern.test(words));
  if (!source) return hideFound(editor);
  const [, word] = source.pattern.exec(words);
  const { doc } = editor;
  const found = (await source.find(word.trimEnd(), editor)).slice(0, SHOWN + 3);
  if (editor.doc !== doc) return undefined; // somebody typed on meanwhile
  if (!found.length || !editor.root.contains(document.activeElement)) return hideFound(editor);
  const list = listOf(editor);
  list.replaceChildren(...found.map((one, at) => entry(one, `${list.id}-${at}`)));
  list.onmousedown = (event) => {
    event.preventDefault();
    const item = event.target.closest("[role=option]");
    if (item) take(editor, commit, found[[...list.children].indexOf(item)]);
  };
  editor.found = { found, take: (one) => take(editor, commit, one), pattern: source.pattern };
  if (!isOpen(editor)) list.showPopover();
  placeBelow(list, caretAnchor(editor));
  return point(editor, list.firstChild);
}

function entry({ title, note }, id) {
  const item = Object.assign(document.createElement("li"), { id });
  item.setAttribute("role", "option");
  item.append(Object.assign(document.createElement("strong"), { textContent: title }));
  if (note) item.append(" ", Object.assign(document.createElement("span"), { textContent: note }));
  return item;
}

function caretAnchor({ root }) {
  const selection = getSelection();
  const [spot] = selection.rangeCount ? selection.getRangeAt(0).getClientRects() : [];
  return spot ? { getBoundingClientRect: () => spot } : root;
}

function point(editor, item) {
  for (const other of listOf(editor).children) {
    other.classList.toggle("pointed", other === item);
    other.setAttribute("aria-selected", String(other === item));
  }
  item.scrollIntoView({ block: "nearest" });
  editor.root.setAttribute("aria-activedescendant", item.id);
}

// More may have been typed since the list was made: the whole word gives way to what is taken.
function take(editor, commit, { atom, label }) {
  const { doc, at: { from } } = editor;
  hideFound(editor);
  const [, word] = editor.found.pattern.exec(wordsBefore(editor)) ?? [];
  if (word === undefined) return;
  const style = doc[from.b].cells[from.o - 1]?.style ?? {};
  const bare = edits.remove(doc, { b: from.b, o: from.o - word.length - 1 }, from);
  commit(editor, edits.insert(bare.doc, bare.at, [{ atom, label, style }, ...charCells(" ", style)]));
}

// Whether a key was meant for the list of what was found.
export function keyInFound(editor, event) {
  if (!isOpen(editor)) return false;
  const items = [...listOf(editor).children];
  const here = items.findIndex((item) => item.classList.contains("pointed"));
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) point(editor, items[(here + steps[event.key] + items.length) % items.length]);
  else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || (event.key === "Tab" && !event.shiftKey)) editor.found.take(editor.found.found[here]);
  else if (event.key === "Escape") hideFound(editor);
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

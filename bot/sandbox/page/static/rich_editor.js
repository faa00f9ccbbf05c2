// The editor of `rich_text_input`: keys, toolbar, history, and telling the form what was written. The document is the
// truth; the DOM shows it, and is read only after an input method has written into it itself.
import * as edits from "./rich_edits.js";
import { openLink } from "./rich_link.js";
import { hideFound, keyInFound, suggest } from "./rich_mentions.js";
import { morph } from "./morph.js";
import { after } from "./regions.js";
import { forgetTyped, keepTyped, typedIn } from "./typed.js";
import { LISTS, block, charCells, domPlace, fromDom, fromRichText, isBlank, isFollowable, placeOf, textOf, toHtml, toRichText } from "./rich_text.js";

const STYLES = new Set(["bold", "italic", "underline", "strike", "code"]);
const KINDS = { ordered: "ordered", bullet: "bullet", quote: "quote", codeblock: "code" };
const editors = new WeakMap();
let tools;

export function attachRichEditors(given) {
  tools = given;
  const begin = () => document.querySelectorAll(".rich-input").forEach(editorOf);
  after("modals", begin);
  after("home", begin);
  begin();
}

function editorOf(box) {
  const known = editors.get(box);
  if (known) return known;
  const value = JSON.parse(box.dataset.value);
  const root = box.querySelector("[data-rich-text]");
  const given = fromRichText(value, JSON.parse(box.dataset.labels));
  const first = JSON.stringify(given);
  const doc = JSON.parse(typedIn(root) ?? first);
  const made = { box, root, value, doc, first, told: first, at: endOf(doc), pending: null, undo: [], redo: [], last: "" };
  editors.set(box, made);
  // Which words are linked to which address is the editor's own affair until it is saved.
  for (const kind of ["input", "change"]) {
    box.addEventListener(kind, (event) => event.target !== root && event.stopPropagation());
  }
  box.addEventListener("focusout", ({ relatedTarget }) => !box.contains(relatedTarget) && leave(made));
  // A click says itself where the caret goes; any other way in finds it where it was.
  let clicked = false;
  root.addEventListener("mousedown", () => {
    clicked = document.activeElement !== root;
  });
  root.addEventListener("focus", () => {
    if (!clicked) select(made);
    clicked = false;
  });
  root.addEventListener("input", () => keepTyped(root, JSON.stringify(made.doc)));
  root.addEventListener("beforeinput", (event) => onInput(made, event));
  root.addEventListener("compositionend", () => composed(made));
  root.addEventListener("keydown", (event) => onKey(made, event));
  root.addEventListener("click", (event) => event.target.closest("a") && event.preventDefault());
  made.bar = box.querySelector("[role=toolbar]");
  made.bar.addEventListener("mousedown", (event) => event.preventDefault()); // the words stay selected
  made.bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-rich]");
    if (button) use(made, button.dataset.rich);
  });
  made.bar.addEventListener("keydown", (event) => walkTools(made.bar, event));
  const label = document.getElementById(root.getAttribute("aria-labelledby"));
  label?.addEventListener("click", () => root.focus());
  const [least, most] = root.dataset.lines.split(" ").map((lines) => lines && `calc(${lines} * 1.46em + 18px)`);
  if (least) root.style.minHeight = least;
  if (most) root.style.maxHeight = most;
  show(made);
  return made;
}

const endOf = (doc) => {
  const place = { b: doc.length - 1, o: doc.at(-1).cells.length };
  return { from: place, to: place };
};

// What stands in the editor, as `rich_text_value`. Left as it came, it is what the app gave, to the letter.
export function richValueOf(box) {
  const { doc, first, value, at } = editorOf(box);
  return JSON.stringify(doc) === first ? value : toRichText(edits.linkWord(doc, at.from));
}

function leave(editor) {
  hideFound(editor);
  const now = JSON.stringify(editor.doc);
  if (now === editor.told) return;
  editor.told = now;
  tools.changed(editor.box, "on_change").then(() => forgetTyped(editor.root));
}

// --- showing

function show(editor) {
  const { doc, root } = editor;
  morph(root, toHtml(doc));
  root.classList.toggle("blank", doc.length === 1 && doc[0].kind === "text" && isBlank(doc));
  press(editor);
}

function select(editor) {
  const { from, to, back } = editor.at;
  const [start, end] = [domPlace(editor.root, from), domPlace(editor.root, to)];
  getSelection().setBaseAndExtent(...(back ? [...end, ...start] : [...start, ...end]));
  const spot = caretSpot(editor);
  const frame = editor.root.getBoundingClientRect();
  if (spot.bottom > frame.bottom) editor.root.scrollTop += spot.bottom - frame.bottom + 6;
  else if (spot.top < frame.top) editor.root.scrollTop -= frame.top - spot.top + 6;
}

// Where the caret is on the screen; an empty line has no rectangle of its own.
export function caretSpot(editor) {
  const { focusNode, focusOffset } = getSelection();
  if (!editor.root.contains(focusNode)) return editor.root.getBoundingClientRect();
  const range = document.createRange();
  range.setStart(focusNode, focusOffset);
  const [spot] = range.getClientRects();
  if (spot) return spot;
  const near = focusNode.nodeType === Node.TEXT_NODE ? focusNode.parentElement : (focusNode.childNodes[focusOffset] ?? focusNode);
  return (near.getBoundingClientRect ? near : near.parentElement).getBoundingClientRect();
}

const isSame = (one, other) => one.b === other.b && one.o === other.o;
const isCollapsed = ({ from, to }) => isSame(from, to);

function readSelection({ root }) {
  const { anchorNode, anchorOffset, focusNode, focusOffset } = getSelection();
  if (!root.contains(anchorNode) || !root.contains(focusNode)) return null;
  const [anchor, focus] = [placeOf(root, anchorNode, anchorOffset), placeOf(root, focusNode, focusOffset)];
  const back = edits.isBefore(focus, anchor);
  return back ? { from: focus, to: anchor, back } : { from: anchor, to: focus, back };
}

// The browser tells of a moved caret a moment late, so whoever needs the place looks for himself.
function look(editor) {
  if (editor.composing || document.activeElement !== editor.root) return;
  const now = readSelection(editor);
  if (!now || (isSame(now.from, editor.at.from) && isSame(now.to, editor.at.to))) return;
  Object.assign(editor, { at: now, pending: null, last: "" });
  hideFound(editor);
  press(editor);
}

document.addEventListener("selectionchange", () => {
  const box = document.activeElement?.closest?.(".rich-input");
  if (editors.has(box)) look(editors.get(box));
});

// What is typed next looks like what stands before it; a link ends where its words end.
function styleHere({ doc, at, pending }) {
  const { kind, cells } = doc[at.from.b];
  if (kind === "code") return {};
  const before = cells[at.from.o - 1];
  return pending ?? (before ?? cells[at.from.o])?.style ?? {};
}

function linkHere({ doc, at: { from } }) {
  const { cells } = doc[from.b];
  const [before, behind] = [cells[from.o - 1]?.link, cells[from.o]?.link];
  return before && JSON.stringify(before) === JSON.stringify(behind) ? before : null;
}

function press(editor) {
  const { doc, at, bar } = editor;
  const style = styleHere(editor);
  const kinds = doc.slice(at.from.b, at.to.b + 1).map(({ kind }) => kind);
  for (const button of bar.querySelectorAll("[aria-pressed]")) {
    const name = button.dataset.rich;
    let on;
    if (STYLES.has(name)) on = isCollapsed(at) ? style[name] : edits.hasStyle(doc, at.from, at.to, name);
    else if (name === "link") on = edits.linkAt(doc, at.to);
    else on = kinds.every((kind) => kind === KINDS[name]);
    button.setAttribute("aria-pressed", String(Boolean(on)));
  }
}

// --- changing

// Letters typed in a row are undone together, everything else by itself.
export function commit(editor, { doc, at, end = at, pending = null }, what = "") {
  if (doc !== editor.doc && !(what && what === editor.last)) {
    editor.undo.push({ doc: editor.doc, at: editor.at });
    editor.redo = [];
  }
  Object.assign(editor, { doc, at: { from: edits.clampPlace(doc, at), to: edits.clampPlace(doc, end) }, pending, last: what });
  show(editor);
  select(editor);
  editor.root.dispatchEvent(new InputEvent("input", { bubbles: true }));
  suggest(editor, commit);
}

function step(editor, from, to) {
  const past = editor[from].pop();
  if (!past) return;
  editor[to].push({ doc: editor.doc, at: editor.at });
  Object.assign(editor, { ...past, pending: null, last: "" });
  show(editor);
  select(editor);
  editor.root.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

const cleared = ({ doc, at }) => (isCollapsed(at) ? { doc, at: at.from } : edits.remove(doc, at.from, at.to));

function type(editor, text) {
  const link = linkHere(editor);
  const style = styleHere(editor);
  const { doc: bare, at } = cleared(editor);
  const doc = /^\s$/.test(text) ? edits.linkWord(bare, at) : bare;
  const typed = edits.insert(doc, at, charCells(text, style, link));
  commit(editor, { ...typed, pending: editor.pending }, /\s/.test(text) ? "space" : "typing");
  formatTyped(editor, text);
}

const LINE_STARTS = [[/^[-*•]$/, "bullet"], [/^1[.)]$/, "ordered"], [/^>$/, "quote"]];
const AROUND = { "*": "bold", _: "italic", "~": "strike", "`": "code" };

// Signs as in Slack's own editor: "- " begins a list, `code` becomes code. Undo brings the signs back.
function formatTyped(editor, text) {
  const { doc, at: { from } } = editor;
  if (doc[from.b].kind === "code") return;
  const line = edits.lineBefore(doc, from);
  const words = line.map(({ ch }) => ch ?? "\ufffc").join("");
  const [, kind] = (text === " " && doc[from.b].kind === "text" && LINE_STARTS.find(([signs]) => signs.test(words.slice(0, -1)))) || (words === "```" ? [null, "code"] : []);
  if (kind) {
    const bare = edits.remove(doc, { b: from.b, o: from.o - words.length }, from);
    commit(editor, edits.rekind(bare.doc, bare.at, bare.at, kind));
    return;
  }
  const open = AROUND[text] ? words.slice(0, -1).lastIndexOf(text) : -1;
  const inner = words.slice(open + 1, -1);
  if (open < 0 || !inner.trim() || inner !== inner.trim() || /[\p{L}\p{N}`*_~]/u.test(words[open - 1] ?? "")) return;
  const start = { b: from.b, o: from.o - words.length + open };
  const closed = edits.remove(doc, { b: from.b, o: from.o - 1 }, from);
  const opened = edits.remove(closed.doc, start, { b: start.b, o: start.o + 1 });
  const end = { b: start.b, o: start.o + inner.length };
  const style = opened.doc[end.b].cells[end.o - 1].style;
  commit(editor, { doc: edits.setStyle(opened.doc, start, end, AROUND[text], true), at: end, pending: edits.withStyle(style, AROUND[text], false) });
}

const clean = (text) => text.replace(/\r\n?|\u2028|\u2029/g, "\n").replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "");

function paste(editor, data) {
  const text = clean(data?.getData("text/plain") ?? "");
  const { doc, at } = editor;
  if (!text) return;
  if (!isCollapsed(at) && at.from.b === at.to.b && doc[at.from.b].kind !== "code" && isFollowable(text.trim())) {
    commit(editor, { doc: edits.setLink(doc, at.from, at.to, { url: text.trim() }), at: at.to });
    return;
  }
  const bare = cleared(editor);
  const made = edits.insertText(bare.doc, bare.at, text, styleHere(editor));
  commit(editor, { doc: edits.linkAddresses(made.doc, bare.at, made.at), at: made.at });
}

const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

// How many cells one press of Backspace or Delete takes: a whole letter, however many units it is written in.
function letterSize(cells, forward) {
  const last = forward ? cells[0] : cells.at(-1);
  if (last.ch === undefined) return 1;
  const found = [...letters.segment(textOf(cells.slice(forward ? 0 : -24, forward ? 24 : undefined).map((cell) => (cell.ch === undefined ? { ch: "\ufffc" } : cell))))];
  return (forward ? found[0] : found.at(-1)).segment.length;
}

function erase(editor, event) {
  const { doc, at } = editor;
  const back = /Backward$/.test(event.inputType);
  if (!isCollapsed(at)) return commit(editor, edits.remove(doc, at.from, at.to));
  const { b, o } = at.from;
  const { cells } = doc[b];
  if (back && o === 0) return commit(editor, edits.backAtStart(doc, at.from));
  if (!back && o === cells.length) return b + 1 < doc.length ? commit(editor, edits.remove(doc, at.from, { b: b + 1, o: 0 })) : undefined;
  const [range] = /Content(?:Back|For)ward$/.test(event.inputType) ? [] : event.getTargetRanges();
  let { from, to } = range ? placesOf(editor.root, range) : { from: at.from, to: at.from };
  if (isSame(from, to)) {
    if (back) from = { b, o: o - letterSize(cells.slice(0, o), false) };
    else to = { b, o: o + letterSize(cells.slice(o), true) };
  }
  return commit(editor, edits.remove(doc, from, to), "erasing");
}

const INPUTS = [
  [/^insertText$/, (editor, event) => type(editor, event.data ?? "")],
  [/^insertReplacementText$/, replace],
  [/^insertFromDrop$/, (editor, event) => {
    target(editor, event);
    paste(editor, event.dataTransfer);
  }],
  [/^insertFrom/, (editor, event) => paste(editor, event.dataTransfer)],
  [/^insertParagraph$/, (editor) => enter(editor, edits.breakLine)],
  [/^insertLineBreak$/, (editor) => enter(editor, (doc, at) => edits.insert(doc, at, charCells("\n", edits.withStyle(styleHere(editor), "code", false))))],
  [/^deleteByDrag$/, () => {}],
  [/^delete/, erase],
  [/^historyUndo$/, (editor) => step(editor, "undo", "redo")],
  [/^historyRedo$/, (editor) => step(editor, "redo", "undo")],
];

function enter(editor, breaking) {
  const pending = edits.withStyle(styleHere(editor), "code", false); // the next line goes on as this one
  const { doc, at } = cleared(editor);
  commit(editor, { ...breaking(edits.linkWord(doc, at), at), pending });
}

// The browser means another place than the caret's.
function target(editor, event) {
  const [range] = event.getTargetRanges();
  if (range) editor.at = placesOf(editor.root, range);
}

const placesOf = (root, { startContainer, startOffset, endContainer, endOffset }) =>
  ({ from: placeOf(root, startContainer, startOffset), to: placeOf(root, endContainer, endOffset) });

// A spelling was chosen from the browser's menu.
function replace(editor, event) {
  target(editor, event);
  type(editor, event.data ?? clean(event.dataTransfer?.getData("text/plain") ?? ""));
}

function onInput(editor, event) {
  if (event.inputType === "insertCompositionText" || event.isComposing) {
    editor.composing = true;
    return;
  }
  event.preventDefault();
  look(editor);
  INPUTS.find(([kind]) => kind.test(event.inputType))?.[1](editor, event);
}

// An input method has written into the page itself: what stands there is read back.
function composed(editor) {
  const now = readSelection(editor);
  const doc = fromDom(editor.root);
  editor.composing = false;
  commit(editor, { doc, at: now?.from ?? endOf(doc).from });
}

function toggleStyle(editor, name) {
  const { doc, at } = editor;
  if (isCollapsed(at)) {
    const style = styleHere(editor);
    editor.pending = edits.withStyle(style, name, !style[name]);
    return press(editor);
  }
  const yes = !edits.hasStyle(doc, at.from, at.to, name);
  return commit(editor, { doc: edits.setStyle(doc, at.from, at.to, name, yes), at: at.from, end: at.to });
}

function use(editor, name) {
  look(editor);
  const { doc, at, root } = editor;
  if (name === "link") return openLink(editor, commit);
  root.focus();
  if (STYLES.has(name)) return toggleStyle(editor, name);
  if (KINDS[name]) return commit(editor, edits.rekind(doc, at.from, at.to, KINDS[name]));
  const before = edits.lineBefore(doc, at.from).at(-1);
  const sign = { mention: "@", emoji: ":" }[name];
  editor.asked = true;
  type(editor, before && !/\s/.test(before.ch ?? "x") ? ` ${sign}` : sign);
  editor.asked = false;
  return undefined;
}

const KEYS = [
  ["bold", ({ key, shift, alt }) => key === "b" && !shift && !alt],
  ["italic", ({ key, shift, alt }) => key === "i" && !shift && !alt],
  ["underline", ({ key, shift, alt }) => key === "u" && !shift && !alt],
  ["link", ({ key, shift, alt }) => key === "u" && shift && !alt],
  ["strike", ({ key, shift, alt }) => key === "x" && shift && !alt],
  ["codeblock", ({ code, shift, alt }) => code === "KeyC" && shift && alt],
  ["code", ({ key, shift, alt }) => key === "c" && shift && !alt],
  ["ordered", ({ code, shift }) => code === "Digit7" && shift],
  ["bullet", ({ code, shift }) => code === "Digit8" && shift],
  ["quote", ({ code, shift }) => code === "Digit9" && shift],
];

function onKey(editor, event) {
  if (event.isComposing) return;
  const { ctrlKey, metaKey, shiftKey: shift, altKey: alt, code } = event;
  const key = event.key.toLowerCase();
  const done = () => event.preventDefault();
  look(editor);
  if (keyInFound(editor, event)) return;
  if (ctrlKey || metaKey) {
    const [name] = KEYS.find(([, fits]) => fits({ key, code, shift, alt })) ?? [];
    if (name) return done() ?? use(editor, name);
    if (key === "z" && !alt) return done() ?? step(editor, ...(shift ? ["redo", "undo"] : ["undo", "redo"]));
    if (key === "y" && !alt) return done() ?? step(editor, "redo", "undo");
    if (key === "enter") done(); // the form is sent
    return;
  }
  if (key === "tab") return onTab(editor, event);
  if (key === "enter" && !shift) return onEnter(editor, event);
  if (key === "arrowdown" || key === "arrowright") stepOut(editor, key);
}

// Tab makes an item deeper while it can be; otherwise it leaves the field, so that nobody is kept in it.
function onTab(editor, event) {
  const { doc, at } = editor;
  const deeper = edits.indent(doc, at.from, at.to, event.shiftKey ? -1 : 1);
  if (deeper.every((one, b) => one === doc[b])) return;
  event.preventDefault();
  commit(editor, { doc: deeper, at: at.from, end: at.to });
}

function onEnter(editor, event) {
  const dispatch = editor.box.closest("[data-dispatch]")?.dataset.dispatch ?? "";
  const { kind } = editor.doc[editor.at.from.b];
  if (!dispatch.includes("on_enter_pressed") || kind === "code" || LISTS.has(kind)) return;
  event.preventDefault();
  tools.changed(editor.box, "on_enter_pressed");
}

// Out of a quote or code block that ends the text, and out of inline code that ends its line.
function stepOut(editor, key) {
  const { doc, at } = editor;
  const last = doc.at(-1);
  const { cells } = doc[at.from.b];
  if (!isCollapsed(at) || at.from.o !== cells.length) return;
  if (key === "arrowright" && styleHere(editor).code) {
    editor.pending = edits.withStyle(styleHere(editor), "code", false);
    press(editor);
  } else if (key === "arrowdown" && at.from.b === doc.length - 1 && ["quote", "code"].includes(last.kind)) {
    commit(editor, { doc: [...doc, block("text")], at: { b: doc.length, o: 0 } });
  }
}

function walkTools(bar, event) {
  const buttons = [...bar.querySelectorAll("button")];
  const here = buttons.indexOf(event.target);
  const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: -1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const next = buttons.at(to % buttons.length);
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next.focus();
}

// What can be done to a document of rich_text.js. Every edit answers { doc, at } (or a new document) and changes nothing
// it was given. A place is { b, o }; `from` lies before `to`.
import { DEEPEST, LISTS, block, charCells } from "./rich_text.js";

const put = (doc, at, count, ...blocks) => [...doc.slice(0, at), ...blocks, ...doc.slice(at + count)];
export const isBefore = (one, other) => one.b < other.b || (one.b === other.b && one.o < other.o);

// A place as a number: line breaks and the ends of blocks both count one, so it outlives a change from one to the other.
export const numberOf = (doc, { b, o }) => doc.slice(0, b).reduce((sum, { cells }) => sum + cells.length + 1, o);

export function placeAt(doc, number) {
  let left = number;
  for (let b = 0; b < doc.length; b += 1) {
    if (left <= doc[b].cells.length) return { b, o: left };
    left -= doc[b].cells.length + 1;
  }
  return { b: doc.length - 1, o: doc.at(-1).cells.length };
}

export function clampPlace(doc, { b, o }) {
  const inside = Math.min(b, doc.length - 1);
  return { b: inside, o: Math.min(o, doc[inside].cells.length) };
}

export function remove(doc, from, to) {
  const [first, last] = [doc[from.b], doc[to.b]];
  const everything = !from.b && !from.o && to.b === doc.length - 1 && to.o === last.cells.length;
  if (everything && doc.length > 1) return { doc: [block("text")], at: from };
  const cells = [...first.cells.slice(0, from.o), ...last.cells.slice(to.o)];
  const made = { ...first, cells: first === last ? cells : fitting(first.kind, cells) };
  return { doc: put(doc, from.b, to.b - from.b + 1, made), at: from };
}

// Code blocks hold plain characters: no styles, nobody is mentioned in them.
const fitting = (kind, cells) => (kind === "code" ? cells.flatMap((cell) => (cell.ch === undefined ? charCells(cell.label) : { ...cell, style: {} })) : cells);

export function insert(doc, at, cells) {
  const { kind, cells: before } = doc[at.b];
  const fit = fitting(kind, cells);
  const made = { ...doc[at.b], cells: [...before.slice(0, at.o), ...fit, ...before.slice(at.o)] };
  return { doc: put(doc, at.b, 1, made), at: { b: at.b, o: at.o + fit.length } };
}

const withoutOffset = ({ offset, ...meta }) => meta;
const withoutTail = ({ tail, ...meta }) => meta;

export function split(doc, at) {
  const one = doc[at.b];
  const second = { ...one, meta: withoutOffset(one.meta), cells: one.cells.slice(at.o) };
  return { doc: put(doc, at.b, 1, { ...one, cells: one.cells.slice(0, at.o) }, second), at: { b: at.b + 1, o: 0 } };
}

// Words from elsewhere: in a list every line is an item of its own.
export function insertText(doc, at, text, style) {
  if (!LISTS.has(doc[at.b].kind)) return insert(doc, at, charCells(text, style));
  return text.split("\n").reduce((state, line, number) => {
    const here = number ? split(state.doc, state.at) : state;
    return insert(here.doc, here.at, charCells(line, style));
  }, { doc, at });
}

const lineStart = (cells, o) => cells.slice(0, o).findLastIndex(({ ch }) => ch === "\n") + 1;
export const lineBefore = (doc, { b, o }) => doc[b].cells.slice(lineStart(doc[b].cells, o), o);

// Enter: a new item, a new line, or out of a list, quote or code block whose last line was left empty.
export function breakLine(doc, at) {
  const one = doc[at.b];
  if (LISTS.has(one.kind)) {
    if (one.cells.length) return split(doc, at);
    return one.indent ? { doc: indent(doc, at, at, -1), at } : rekind(doc, at, at, "text");
  }
  const empty = { quote: 1, code: 2 }[one.kind];
  const ending = one.cells.slice(-empty);
  if (empty && at.o === one.cells.length && ending.length === empty && ending.every(({ ch }) => ch === "\n")) {
    const left = { ...one, cells: one.cells.slice(0, -empty) };
    if (!left.cells.length) return { doc: put(doc, at.b, 1, block("text")), at: { b: at.b, o: 0 } };
    return { doc: put(doc, at.b, 1, left, block("text")), at: { b: at.b + 1, o: 0 } };
  }
  return insert(doc, at, charCells("\n", withStyle(one.cells[at.o - 1]?.style, "code", false)));
}

// Backspace at the start of a block: less deep, then no list any more, then part of what stands above.
export function backAtStart(doc, at) {
  const one = doc[at.b];
  if (LISTS.has(one.kind) && one.indent) return { doc: indent(doc, at, at, -1), at };
  if (one.kind !== "text") return rekind(doc, at, at, "text");
  if (!at.b) return { doc, at };
  return remove(doc, { b: at.b - 1, o: doc[at.b - 1].cells.length }, at);
}

export function rekind(doc, from, to, kind) {
  const [start, end] = [numberOf(doc, from), numberOf(doc, to)];
  const made = setKind(doc, from, to, kind);
  return { doc: made, at: placeAt(made, start), end: placeAt(made, end) };
}

export const indent = (doc, from, to, step) => doc.map((one, b) => {
  if (b < from.b || b > to.b || !LISTS.has(one.kind)) return one;
  const above = LISTS.has(doc[b - 1]?.kind) ? doc[b - 1].indent + 1 : 0;
  const depth = one.indent + step;
  return depth < 0 || depth > Math.min(DEEPEST, step > 0 ? above : DEEPEST) ? one : { ...one, indent: depth, meta: withoutOffset(one.meta) };
});

const stylable = (doc) => (b) => doc[b].kind !== "code";
const touched = (doc, from, to) => doc.flatMap(({ cells }, b) => (b < from.b || b > to.b || !stylable(doc)(b) ? []
  : cells.slice(b === from.b ? from.o : 0, b === to.b ? to.o : cells.length)));

export const hasStyle = (doc, from, to, name) => {
  const cells = touched(doc, from, to).filter(({ ch }) => ch !== "\n");
  return cells.length > 0 && cells.every(({ style }) => style?.[name]);
};

function mapCells(doc, from, to, change) {
  return doc.map((one, b) => (b < from.b || b > to.b || !stylable(doc)(b) ? one : {
    ...one,
    cells: one.cells.map((cell, o) => ((b === from.b && o < from.o) || (b === to.b && o >= to.o) ? cell : change(cell))),
  }));
}

export function withStyle(style, name, yes) {
  const { [name]: had, ...others } = style ?? {};
  return yes ? { ...others, [name]: true } : others;
}

export const setStyle = (doc, from, to, name, yes) => mapCells(doc, from, to, (cell) => ({ ...cell, style: withStyle(cell.style, name, yes) }));

export const setLink = (doc, from, to, link) => mapCells(doc, from, to, (cell) => (cell.ch === undefined ? cell : { ...cell, link }));

// The link around a place, from its first to behind its last character; null where there is none.
export function linkAt(doc, { b, o }) {
  const { cells } = doc[b];
  const own = [cells[o - 1], cells[o]].find((cell) => cell?.link);
  if (!own) return null;
  const same = (cell) => cell?.link && JSON.stringify(cell.link) === JSON.stringify(own.link);
  let [start, end] = same(cells[o]) ? [o, o] : [o - 1, o - 1];
  while (same(cells[start - 1])) start -= 1;
  while (same(cells[end])) end += 1;
  return { from: { b, o: start }, to: { b, o: end }, link: own.link };
}

// An address as it stands in a text, without the full stop or bracket behind it.
const ADDRESS = /(?<=^|[\s(])https?:\/\/[^\s<>\ufffc]*[^\s<>\ufffc.,;:!?)*_~'"]/giu;

// Addresses between two places of what was just written become links to themselves, as Slack's clients make them.
export function linkAddresses(doc, from, to) {
  const [start, end] = [numberOf(doc, from), numberOf(doc, to)];
  const words = doc.map(({ kind, cells }) => cells.map(({ ch, link, style }) => (ch === undefined || link || style?.code || kind === "code" ? "\ufffc" : ch)).join("")).join("\n");
  return [...words.slice(0, end).matchAll(ADDRESS)].filter(({ index }) => index >= start).reduce(
    (linked, { index, 0: url }) => setLink(linked, placeAt(doc, index), placeAt(doc, index + url.length), { url, bare: true }),
    doc,
  );
}

// The word that ends here, if it is an address.
export const linkWord = (doc, at) => {
  const line = lineBefore(doc, at);
  const word = line.length - 1 - line.findLastIndex(({ ch }) => ch === undefined || /\s/.test(ch));
  return linkAddresses(doc, { b: at.b, o: at.o - word }, at);
};

// One block for each line between `from` and `to`; lines of the same block outside stay together.
function lines(one, first, last) {
  const start = lineStart(one.cells, first);
  const found = one.cells.findIndex(({ ch }, o) => o >= last && ch === "\n");
  const end = found < 0 ? one.cells.length : found;
  const inside = one.cells.slice(start, end).reduce((all, cell) => {
    if (cell.ch === "\n") all.push([]);
    else all.at(-1).push(cell);
    return all;
  }, [[]]);
  return {
    before: start ? [{ ...one, meta: withoutTail(one.meta), cells: one.cells.slice(0, start - 1) }] : [],
    inside,
    after: found < 0 ? [] : [{ ...one, cells: one.cells.slice(end + 1) }],
  };
}

const MADE = { made: true };
const joins = (one, other) => one && one.kind === other.kind && !LISTS.has(one.kind) && (one.meta.made || other.meta.made);

function settle(doc) {
  const joined = [];
  for (const one of doc) {
    const last = joined.at(-1);
    if (joins(last, one)) joined[joined.length - 1] = { ...last, meta: { ...last.meta, ...MADE }, cells: [...last.cells, ...charCells("\n"), ...one.cells] };
    else joined.push(one);
  }
  return joined.map(({ meta: { made, ...meta }, ...one }) => ({ ...one, meta }));
}

// The lines between the places become this kind; where all of them are, they become text again.
function setKind(doc, from, to, kind) {
  const chosen = doc.slice(from.b, to.b + 1);
  const wanted = chosen.every((one) => one.kind === kind) ? "text" : kind;
  const made = chosen.flatMap((one, at) => {
    const b = from.b + at;
    if (LISTS.has(one.kind)) {
      if (LISTS.has(wanted)) return [{ ...one, kind: wanted, meta: withoutOffset(one.meta) }];
      return [block(wanted, fitting(wanted, one.cells), 0, MADE)];
    }
    const { before, inside, after } = lines(one, b === from.b ? from.o : 0, b === to.b ? to.o : one.cells.length);
    const meta = LISTS.has(wanted) ? { border: 0 } : MADE;
    return [...before, ...inside.map((cells) => block(wanted, fitting(wanted, cells), 0, meta)), ...after];
  });
  return settle(put(doc, from.b, chosen.length, ...made));
}

// Rich text three ways: the block Slack's API knows, the document the editor works on, and the DOM it shows.
//
// A document is a list of blocks: { kind, indent, meta, cells }. `kind` is text, quote, code, bullet or ordered (an item
// of a list is a block of its own). A cell is one UTF-16 unit, { ch, style, link }, or something that is chosen and
// deleted whole, { atom, label, style }: a person, a channel, an emoji. Documents are never changed, only replaced.

export const LISTS = new Set(["bullet", "ordered"]);
export const DEEPEST = 8;
const STYLE_TAGS = [["bold", "STRONG"], ["italic", "EM"], ["underline", "U"], ["strike", "S"], ["code", "CODE"]];
const STYLE_OF = Object.fromEntries(STYLE_TAGS.map(([style, tag]) => [tag, style]));
const BLOCK_TAGS = { text: "p", quote: "blockquote", code: "pre", bullet: "li", ordered: "li" };
const KIND_OF = { P: "text", BLOCKQUOTE: "quote", PRE: "code" };
const PART_KINDS = { rich_text_section: "text", rich_text_quote: "quote", rich_text_preformatted: "code" };
const BLOCKS = "p, blockquote, pre, li";

export const block = (kind, cells = [], indent = 0, meta = {}) => ({ kind, indent, meta, cells });
export const charCells = (text, style = {}, link = null) => text.split("").map((ch) => ({ ch, style, link }));
const setFlags = (style) => Object.keys(style ?? {}).filter((name) => style[name]).sort();
const styleKey = (style) => setFlags(style).join();
const linkKey = (link) => (link ? JSON.stringify(link) : "");

// What a cell says as plain characters.
export const textOf = (cells) => cells.map(({ ch, label }) => ch ?? label).join("");
export const isBlank = (doc) => doc.every(({ cells }) => cells.every(({ ch }) => ch === "\n"));

// --- the block of the API -> the document

function cellsOfLeaf(leaf, labels) {
  const { type, style = {}, ...rest } = leaf;
  if (type === "text") return charCells(leaf.text, style);
  if (type !== "link") return [{ atom: { type, ...rest }, label: labels.shift() ?? leaf.fallback ?? leaf.name ?? type, style }];
  const { text, ...link } = rest;
  return charCells(text || link.url, style, text ? link : { ...link, bare: true });
}

const cellsOf = ({ elements = [] }, labels) => elements.flatMap((leaf) => cellsOfLeaf(leaf, labels));

function keep(part, names) {
  return Object.fromEntries(names.filter((name) => part[name] !== undefined).map((name) => [name, part[name]]));
}

// `labels`: what people see for each leaf that is neither text nor link, in order.
export function fromRichText(value, labels = []) {
  const parts = value?.elements ?? [];
  const left = [...labels];
  const doc = [];
  parts.forEach((part, at) => {
    if (part.type === "rich_text_list") {
      const meta = keep(part, ["border"]);
      const offset = part.offset ?? 0;
      const count = part.style === "ordered" ? itemsBefore(doc, part.indent ?? 0) : 0;
      const items = part.elements.map((item) => block(part.style, cellsOf(item, left), part.indent ?? 0, meta));
      // A number that only counts on is counted anew when items come or go; any other is the author's.
      const beside = doc.at(-1)?.kind === part.style && doc.at(-1).indent === (part.indent ?? 0);
      if (items.length && (offset !== count || (beside && !count))) items[0].meta = { ...meta, offset };
      doc.push(...items);
      return;
    }
    const kind = PART_KINDS[part.type];
    if (!kind) return;
    const made = block(kind, cellsOf(part, left), 0, keep(part, ["border", "language"]));
    // Slack ends the text above a list, quote or code with a line break that nobody sees.
    if (kind === "text" && parts[at + 1] && parts[at + 1].type !== "rich_text_section") {
      const ends = made.cells.at(-1)?.ch === "\n";
      if (ends) made.cells.pop();
      made.meta = { ...made.meta, tail: ends };
    }
    doc.push(made);
  });
  return doc.length ? doc : [block("text")];
}

// How many items of this depth an ordered list at the end of `doc` would follow, looking over deeper ones.
function itemsBefore(doc, indent) {
  let count = 0;
  for (let at = doc.length - 1; at >= 0; at -= 1) {
    const { kind, indent: depth, meta } = doc[at];
    if (!LISTS.has(kind) || depth < indent || (depth === indent && kind !== "ordered")) break;
    if (depth > indent) continue;
    count += 1;
    if (meta.offset !== undefined) return count + meta.offset;
  }
  return count;
}

// --- the document -> the block of the API

function leafOf(cells) {
  const [{ ch, atom, style, link }] = cells;
  const flags = setFlags(style);
  const styled = flags.length ? { style: Object.fromEntries(flags.map((name) => [name, style[name]])) } : {};
  if (ch === undefined) return { ...atom, ...styled };
  const text = textOf(cells);
  if (!link) return { type: "text", text, ...styled };
  const { bare, ...target } = link;
  return { type: "link", ...target, ...(bare && text === link.url ? {} : { text }), ...styled };
}

function runsOf(cells) {
  const runs = [];
  let last = null;
  for (const cell of cells) {
    const key = cell.ch === undefined ? null : `${styleKey(cell.style)} ${linkKey(cell.link)}`;
    if (key !== null && key === last) runs.at(-1).push(cell);
    else runs.push([cell]);
    last = key;
  }
  return runs;
}

const leavesOf = (cells) => runsOf(cells).map(leafOf);

function sameList(one, other) {
  return one && LISTS.has(one.kind) && one.kind === other.kind && one.indent === other.indent
    && one.meta.border === other.meta.border && other.meta.offset === undefined;
}

// The block as Slack sends it, or null where nothing was written.
export function toRichText(doc) {
  if (isBlank(doc)) return null;
  const elements = [];
  doc.forEach((one, at) => {
    const { kind, indent, meta, cells } = one;
    const { border, language, offset = itemsBefore(doc.slice(0, at), indent), tail = true } = meta;
    if (LISTS.has(kind)) {
      const item = { type: "rich_text_section", elements: leavesOf(cells) };
      if (sameList(doc[at - 1], one)) return elements.at(-1).elements.push(item);
      const counted = kind === "ordered" && offset ? { offset } : {};
      return elements.push({ type: "rich_text_list", style: kind, indent, ...counted, ...(border === undefined ? {} : { border }), elements: [item] });
    }
    const more = { ...(border === undefined ? {} : { border }), ...(language ? { language } : {}) };
    if (kind !== "text") {
      const type = kind === "quote" ? "rich_text_quote" : "rich_text_preformatted";
      return elements.push({ type, ...more, elements: leavesOf(cells) });
    }
    const next = doc[at + 1];
    if (!cells.length && !next) return undefined;
    const end = next && next.kind !== "text" && tail ? charCells("\n") : [];
    return elements.push({ type: "rich_text_section", elements: leavesOf([...cells, ...end]) });
  });
  return { type: "rich_text", elements };
}

// --- the document -> HTML

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign]);
const data = (name, value) => ` data-${name}="${escaped(JSON.stringify(value))}"`;
export const isFollowable = (url) => /^(?:https?:\/\/|mailto:|tel:)\S+$/i.test(url);

function runHtml(cells) {
  const [{ ch, atom, label, style, link }] = cells;
  const kind = atom?.type === "emoji" ? "emoji" : "mention";
  let html = ch === undefined
    ? `<span class="atom ${kind}" contenteditable="false"${data("atom", atom)}>${escaped(label)}</span>`
    : escaped(textOf(cells)).replaceAll("\n", "<br>");
  if (link) html = `<a${isFollowable(link.url) ? ` href="${escaped(link.url)}"` : ""} title="${escaped(link.url)}"${data("link", link)}>${html}</a>`;
  for (const [name, tag] of STYLE_TAGS) if (style?.[name]) html = `<${tag.toLowerCase()}>${html}</${tag.toLowerCase()}>`;
  const others = setFlags(style).filter((name) => !STYLE_TAGS.some(([known]) => known === name));
  return others.length ? `<span${data("style", others)}>${html}</span>` : html;
}

// A place for the caret where the browser would otherwise show none: an empty line, or behind an atom.
const needsFiller = (cells) => !cells.length || cells.at(-1).ch === undefined || cells.at(-1).ch === "\n";

function blockHtml({ kind, indent, meta, cells }) {
  const tag = BLOCK_TAGS[kind];
  const inner = runsOf(cells).map(runHtml).join("") + (needsFiller(cells) ? '<br data-filler="">' : "");
  const deep = indent ? ` aria-level="${indent + 1}"` : "";
  return `<${tag}${deep}${Object.keys(meta).length ? data("meta", meta) : ""}>${inner}</${tag}>`;
}

export function toHtml(doc) {
  let html = "";
  doc.forEach((one, at) => {
    const { kind, indent, meta } = one;
    if (!LISTS.has(kind)) {
      html += blockHtml(one);
      return;
    }
    const tag = kind === "bullet" ? "ul" : "ol";
    if (!sameList(doc[at - 1], one)) {
      const before = kind === "ordered" ? (meta.offset ?? itemsBefore(doc.slice(0, at), indent)) : 0;
      html += `<${tag} class="indent-${indent} level-${indent}" data-indent="${indent}"${before ? ` start="${before + 1}"` : ""}>`;
    }
    html += blockHtml(one);
    if (!doc[at + 1] || !sameList(one, doc[at + 1])) html += `</${tag}>`;
  });
  return html;
}

// --- the DOM -> the document

function cellsIn(node, style, link, cells) {
  if (node.nodeType === Node.TEXT_NODE) {
    cells.push(...charCells(node.data, style, link));
  } else if (node.dataset?.atom) {
    cells.push({ atom: JSON.parse(node.dataset.atom), label: node.textContent, style });
  } else if (node.nodeName === "BR") {
    if (node.dataset.filler === undefined) cells.push({ ch: "\n", style, link });
  } else {
    const more = JSON.parse(node.dataset?.style ?? "[]");
    const name = STYLE_OF[node.nodeName];
    const inner = name || more.length ? { ...style, ...(name ? { [name]: true } : {}), ...Object.fromEntries(more.map((one) => [one, true])) } : style;
    const inside = node.dataset?.link ? JSON.parse(node.dataset.link) : link;
    for (const child of node.childNodes) cellsIn(child, inner, inside, cells);
  }
  return cells;
}

export const blocksOf = (root) => [...root.querySelectorAll(BLOCKS)];

export function fromDom(root) {
  const doc = blocksOf(root).map((element) => {
    const list = element.nodeName === "LI" ? element.parentElement : null;
    const kind = list ? (list.nodeName === "OL" ? "ordered" : "bullet") : KIND_OF[element.nodeName];
    return block(kind, cellsIn(element, {}, null, []), Number(list?.dataset.indent ?? 0), JSON.parse(element.dataset.meta ?? "{}"));
  });
  return doc.length ? doc : [block("text", cellsIn(root, {}, null, []))];
}

// --- places: { b, o }, a block and how many of its cells are before

const isAtom = (node) => node.dataset?.atom !== undefined;

function cellsBefore(root, node, offset) {
  let count = 0;
  let found = null;
  const visit = (one) => {
    if (found !== null) return;
    if (one.nodeType === Node.TEXT_NODE) {
      if (one === node) found = count + Math.min(offset, one.data.length);
      count += one.data.length;
    } else if (isAtom(one)) {
      if (one.contains(node)) found = count + (offset > 0 ? 1 : 0);
      count += 1;
    } else if (one.nodeName === "BR") {
      if (one === node) found = count;
      if (one.dataset.filler === undefined) count += 1;
    } else {
      [...one.childNodes].forEach((child, at) => {
        if (one === node && at === offset) found ??= count;
        visit(child);
      });
      if (one === node) found ??= count;
    }
  };
  visit(root);
  return found ?? count;
}

export function placeOf(root, node, offset) {
  const blocks = blocksOf(root);
  const own = blocks.findIndex((element) => element.contains(node));
  if (own >= 0) return { b: own, o: cellsBefore(blocks[own], node, offset) };
  const child = node.childNodes[offset];
  const after = child ? blocks.findIndex((element) => child.contains(element) || child.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) : -1;
  if (after >= 0) return { b: after, o: 0 };
  const last = blocks.length - 1;
  return last < 0 ? { b: 0, o: 0 } : { b: last, o: cellsBefore(blocks[last], blocks[last], blocks[last].childNodes.length) };
}

export function domPlace(root, { b, o }) {
  const element = blocksOf(root)[b];
  let left = o;
  const inParent = (node) => [node.parentNode, [...node.parentNode.childNodes].indexOf(node)];
  const visit = (one) => {
    if (one.nodeType === Node.TEXT_NODE) {
      if (left <= one.data.length) return [one, left];
      left -= one.data.length;
    } else if (isAtom(one) || one.nodeName === "BR") {
      if (left === 0) return inParent(one);
      left -= 1;
    } else {
      for (const child of one.childNodes) {
        const found = visit(child);
        if (found) return found;
      }
    }
    return null;
  };
  return visit(element) ?? [element, element.childNodes.length];
}

// The small form of the editor in which words are linked to an address.
import * as edits from "./rich_edits.js";
import { charCells, isFollowable, textOf } from "./rich_text.js";

// An address as people write it: `example.com` is a page, `ana@example.com` a mailbox.
export function addressOf(typed) {
  const text = typed.trim();
  if (isFollowable(text)) return text;
  if (/^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/.test(text)) return `mailto:${text}`;
  return /^[^\s/:@]+\.[^\s/:@]{2,}(?::\d+)?(?:[/?#]\S*)?$/.test(text) ? `https://${text}` : null;
}

export function openLink(editor, commit) {
  const { box, doc, at, root } = editor;
  if (doc[at.from.b].kind === "code" || doc[at.to.b].kind === "code") return;
  const around = edits.linkAt(doc, at.to);
  const { from, to, link } = around ?? { ...at, link: null };
  const panel = box.querySelector(".rich-link");
  const [words, address] = panel.querySelectorAll("input");
  const [removal] = panel.querySelectorAll("[data-link-remove]");
  const problem = panel.querySelector("[role=alert]");
  const oneLine = from.b === to.b;
  const before = oneLine ? textOf(doc[from.b].cells.slice(from.o, to.o)) : "";
  words.value = before;
  words.closest("label").hidden = !oneLine;
  address.value = link?.url ?? "";
  removal.hidden = !link;
  problem.hidden = true;

  const finish = (result) => {
    panel.hidePopover();
    root.focus();
    if (result) commit(editor, result);
  };
  const save = () => {
    const url = address.value.trim() === link?.url ? link.url : addressOf(address.value);
    problem.hidden = url !== null;
    if (url === null) return address.focus();
    const target = { ...(link?.unsafe === undefined ? {} : { unsafe: link.unsafe }), url };
    return finish(linked(doc, from, to, target, oneLine && words.value !== before, words.value));
  };
  panel.onclick = ({ target }) => {
    if (target.closest("[data-link-save]")) save();
    else if (target.closest("[data-link-remove]")) finish({ doc: edits.setLink(doc, from, to, null), at: to });
    else if (target.closest("[data-link-cancel]")) finish(null);
  };
  panel.onkeydown = (event) => {
    if (event.key === "Enter" && event.target.nodeName === "INPUT") {
      event.preventDefault(); // it would send the form around the editor
      event.stopPropagation();
      save();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      finish(null);
    }
  };
  panel.showPopover();
  placeBelow(panel, root);
  (before || !oneLine ? address : words).focus();
}

function linked(doc, from, to, link, renamed, words) {
  const empty = from.b === to.b && from.o === to.o;
  if (!renamed && !empty) return { doc: edits.setLink(doc, from, to, link), at: to };
  const style = doc[from.b].cells[from.o]?.style ?? doc[from.b].cells[from.o - 1]?.style ?? {};
  const bare = edits.remove(doc, from, to);
  const text = words.replaceAll("\n", " ");
  return edits.insert(bare.doc, bare.at, charCells(text || link.url, style, text ? link : { ...link, bare: true }));
}

export function placeBelow(panel, anchor) {
  const spot = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const below = spot.bottom + 4 + height < innerHeight;
  panel.style.left = `${Math.max(8, Math.min(spot.left, innerWidth - width - 8))}px`;
  panel.style.top = `${Math.max(8, below ? spot.bottom + 4 : spot.top - height - 4)}px`;
}

// Makes a region look like freshly rendered HTML while keeping the nodes that are already there, and with them
// focus, scroll position, typed text and open menus. `data-key` says which node is which; `data-keep` says "leave its
// content alone". What somebody typed or chose always wins over the attributes the server rendered.

const LEFT_ALONE = new Set(["open", "value", "checked", "selected", "aria-invalid", "aria-errormessage", "aria-busy"]);

export function morph(target, html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  morphChildren(target, fresh.content);
}

function keyOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.dataset.key : undefined;
}

function isAlike(old, fresh) {
  return old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName && keyOf(old) === keyOf(fresh);
}

function morphChildren(parent, fresh) {
  const keyed = new Map([...parent.childNodes].filter(keyOf).map((node) => [keyOf(node), node]));
  const wanted = new Set([...fresh.childNodes].map(keyOf).filter(Boolean));
  let spot = parent.firstChild;
  for (const child of [...fresh.childNodes]) {
    while (spot && keyOf(spot) && !wanted.has(keyOf(spot))) spot = remove(spot);
    const known = keyed.get(keyOf(child));
    if (known && known.nodeName === child.nodeName) {
      if (known === spot) spot = spot.nextSibling;
      else parent.insertBefore(known, spot);
      morphNode(known, child);
    } else if (spot && isAlike(spot, child)) {
      morphNode(spot, child);
      spot = spot.nextSibling;
    } else {
      parent.insertBefore(child, spot);
    }
  }
  while (spot) spot = remove(spot);
}

function remove(node) {
  const next = node.nextSibling;
  if (node.nodeName === "DIALOG" && node.open) node.close();
  node.remove();
  return next;
}

function morphNode(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  if (old.hasAttribute("data-keep") && fresh.hasAttribute("data-keep")) return;
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !LEFT_ALONE.has(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (!LEFT_ALONE.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  if (old.nodeName === "TEXTAREA" || (old.nodeName === "SELECT" && old.innerHTML === fresh.innerHTML)) return;
  const chosen = old.nodeName === "SELECT" ? old.value : null;
  morphChildren(old, fresh);
  if (chosen !== null && [...old.options].some((option) => option.value === chosen)) old.value = chosen;
}

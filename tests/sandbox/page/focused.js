() => {
  const node = document.activeElement;
  const box = node.getBoundingClientRect();
  const outlined = getComputedStyle(node).outlineStyle !== "none" || node.closest(".composer-box, .combo.many");
  return {
    tag: node.nodeName.toLowerCase(),
    text: (node.getAttribute("aria-label") || node.textContent || "").trim().slice(0, 40),
    ring: node.matches(":focus-visible") && Boolean(outlined),
    onScreen: box.bottom > 0 && box.top < innerHeight && box.width > 0,
    position: [...document.querySelectorAll("*")].indexOf(node),
    inDialog: Boolean(node.closest("dialog[open]")),
  };
}

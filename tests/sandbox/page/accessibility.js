() => {
  const problems = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const visible = (node) => node.checkVisibility({ checkVisibilityCSS: true });
  const modal = all("dialog[open]").at(-1);
  const words = (node) => (node.textContent || "").trim();
  const where = (node) => `<${node.nodeName.toLowerCase()} class="${node.getAttribute("class") || ""}"> ${words(node).slice(0, 40)}`;

  const NOT_NAMED_BY_CONTENT = "input, select, textarea, dialog, nav, [role=dialog], [role=group], [role=region]";
  function nameOf(node) {
    const ids = (node.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean);
    const referred = ids.map((id) => document.getElementById(id)).filter(Boolean).map(words).join(" ");
    const labels = [...(node.labels || [])].map(words).join(" ");
    const inside = node.matches(NOT_NAMED_BY_CONTENT) ? "" : words(node);
    const pictures = [...node.querySelectorAll("img[alt]")].map((picture) => picture.alt).join(" ");
    return (referred || node.getAttribute("aria-label") || labels || inside || pictures).trim();
  }

  const NEED_NAMES = [
    "button", "a[href]", "input:not([type=hidden])", "select", "textarea", "summary", "dialog[open]", "nav", "aside",
    "[role=menuitem]", "[role=option]", "[role=combobox]", "[role=listbox]", "[role=region]", "[role=radiogroup]", "[role=img]",
  ];
  for (const node of all(NEED_NAMES.join(", "))) {
    if (visible(node) && !nameOf(node)) problems.push(`no name: ${where(node)}`);
  }
  for (const picture of all("img:not([alt])")) problems.push(`no alt: ${picture.src}`);

  const seen = new Set();
  for (const { id } of all("[id]")) {
    if (seen.has(id)) problems.push(`id twice: ${id}`);
    seen.add(id);
  }
  const REFERENCES = ["aria-controls", "aria-labelledby", "aria-describedby", "aria-activedescendant", "aria-errormessage", "for"];
  for (const attribute of REFERENCES) {
    for (const node of all(`[${attribute}]`)) {
      const missing = node.getAttribute(attribute).split(/\s+/).filter((id) => !seen.has(id));
      if (missing.length) problems.push(`${attribute} points nowhere: ${missing}`);
    }
  }
  for (const node of all("[role=option]")) if (!node.closest("[role=listbox]")) problems.push(`option alone: ${where(node)}`);
  for (const node of all("[role=menuitem]")) if (!node.closest("[role=menu]")) problems.push(`menu item alone: ${where(node)}`);
  if (all("main").length !== 1 || all("h1").length !== 1) problems.push("not exactly one main and one h1");
  if (!document.documentElement.lang || !document.title) problems.push("no language or no title");

  // Colours as they are painted: the canvas reads every notation, layers are blended from the back.
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  function channels(color) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  }
  const over = (top, below) => [0, 1, 2].map((at) => top[at] * top[3] + below[at] * (1 - top[3])).concat(1);
  function groundOf(node) {
    const layers = [];
    for (let at = node; at; at = at.parentElement) {
      const layer = channels(getComputedStyle(at).backgroundColor);
      layers.unshift(layer);
      if (layer[3] === 1) break;
    }
    return layers.reduce((below, layer) => over(layer, below), channels(getComputedStyle(document.body).backgroundColor));
  }
  function brightness(color) {
    const [red, green, blue] = color.map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }
  function contrast(node) {
    const ground = groundOf(node);
    const ink = over(channels(getComputedStyle(node).color), ground);
    const [dark, bright] = [brightness(ink), brightness(ground)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  }
  function isFaded(node) {
    for (let at = node; at; at = at.parentElement) if (Number(getComputedStyle(at).opacity) < 1) return true;
    return false;
  }
  const NO_TEXT = ".emoji, script, option, svg, .hidden-visually, [data-emoji], [aria-busy=true]";
  const told = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const painted = words(walker.currentNode) && visible(node) && (!modal || modal.contains(node));
    if (!painted || node.closest(NO_TEXT) || isFaded(node)) continue;
    const { fontSize, fontWeight, color } = getComputedStyle(node);
    const isLarge = parseFloat(fontSize) >= (Number(fontWeight) >= 700 ? 18.66 : 24);
    const ratio = contrast(node);
    if (ratio >= (isLarge ? 3 : 4.5) || told.has(color)) continue;
    told.add(color);
    problems.push(`contrast ${ratio.toFixed(2)}: ${color} ${where(node)}`);
  }
  return problems;
}

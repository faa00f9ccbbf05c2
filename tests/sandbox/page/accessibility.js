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
    "[role=textbox]", "[role=toolbar]", "[role=menuitem]", "[role=option]", "[role=combobox]", "[role=listbox]", "[role=region]", "[role=radiogroup]", "[role=img]",
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

  const rendered = (selector) => all(selector).filter((node) => visible(node) && (!modal || modal.contains(node)));
  if (modal && !modal.contains(document.activeElement)) problems.push("focus is outside the open dialog");

  // Headings: none empty, none that skips a level; what an app writes in markdown is its own.
  let above = 0;
  for (const heading of rendered("h1, h2, h3, h4, h5, h6")) {
    if (heading.closest(".md")) continue;
    const level = Number(heading.nodeName[1]);
    if (!words(heading)) problems.push(`empty heading: ${where(heading)}`);
    if (above && level > above + 1) problems.push(`heading h${above} is followed by h${level}: ${where(heading)}`);
    above = level;
  }

  // Landmarks: everything is in one, those of a kind have names of their own.
  const LANDMARK = "main, nav, aside, body > header, section[aria-label], [role=region]";
  const APART = "dialog, [popover], [role=dialog], [aria-live], [role=status], [role=alert], .skip, svg, script";
  const kinds = new Set();
  for (const node of rendered(LANDMARK)) {
    const kind = `${node.getAttribute("role") || node.nodeName.toLowerCase()} “${nameOf(node)}”`;
    if (kinds.has(kind)) problems.push(`two landmarks are called ${kind}`);
    kinds.add(kind);
  }
  for (const node of rendered("body *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.nodeValue.trim());
    if (own && !node.closest(`${LANDMARK}, ${APART}`)) problems.push(`outside every landmark: ${where(node)}`);
  }
  const isLoud = (box) => box.getAttribute("aria-live") === "assertive" || box.getAttribute("role") === "alert";
  if (!all("[aria-live], [role=alert]").some(isLoud)) problems.push("nothing announces what goes wrong");
  if (!all("[role=log], [aria-live=polite]").length) problems.push("nothing announces what is new");

  const ROLES = new Set(("alert alertdialog button checkbox combobox complementary dialog group img link list listbox log main menu menuitem "
    + "menuitemradio navigation none option presentation radio radiogroup region row search separator status switch tab table textbox toolbar").split(" "));
  const ARIA = new Set(("activedescendant atomic autocomplete busy checked controls current describedby description disabled errormessage expanded "
    + "haspopup hidden invalid keyshortcuts label labelledby level live modal multiline multiselectable orientation placeholder posinset pressed readonly relevant required "
    + "roledescription selected setsize sort valuemax valuemin valuenow valuetext").split(" "));
  for (const node of all("body, body *")) {
    const role = node.getAttribute("role");
    if (role && !ROLES.has(role)) problems.push(`no such role: ${role}`);
    for (const { name, value } of node.attributes) {
      if (name.startsWith("aria-") && !ARIA.has(name.slice(5))) problems.push(`no such attribute: ${name}`);
      if (name === "tabindex" && Number(value) > 0) problems.push(`tabindex ${value}: ${where(node)}`);
    }
    if (role === "combobox" && !(node.hasAttribute("aria-expanded") && node.hasAttribute("aria-controls"))) problems.push(`combobox says too little: ${where(node)}`);
    if (role === "option" && !node.hasAttribute("aria-selected")) problems.push(`option does not say whether it is chosen: ${where(node)}`);
    if (node.matches("dialog[open], [role=dialog]") && !nameOf(node)) problems.push(`dialog without a name: ${where(node)}`);
  }
  for (const list of all("ul:not([role]), ol:not([role])")) {
    const stray = [...list.children].find((child) => !child.matches("li, script, template"));
    if (stray) problems.push(`in a list, but no item: ${where(stray)}`);
  }
  for (const item of all("li:not([role])")) {
    if (!item.parentElement.matches("ul:not([role]), ol:not([role]), menu")) problems.push(`item without a list: ${where(item)}`);
  }
  const FOCUSABLE = "a[href], button:not([disabled]), input:not([disabled], [type=hidden]), select, textarea, summary, [tabindex='0'], [contenteditable=true]";
  for (const node of all("[aria-hidden=true]")) {
    if (node.matches(FOCUSABLE) || node.querySelector(FOCUSABLE)) problems.push(`hidden, yet focusable: ${where(node)}`);
  }
  for (const node of all("a[href] button, a[href] a[href], button button, button a[href], [role=option] button, label label")) {
    problems.push(`a control inside a control: ${where(node)}`);
  }
  for (const node of rendered("body *")) {
    const { overflowY, overflowX } = getComputedStyle(node);
    const scrolls = (/auto|scroll/.test(overflowY) && node.scrollHeight > node.clientHeight + 2) || (/auto|scroll/.test(overflowX) && node.scrollWidth > node.clientWidth + 2);
    if (scrolls && !node.matches(FOCUSABLE) && !node.querySelector(FOCUSABLE) && !node.matches("[role=listbox]")) problems.push(`scrolls, but not by keyboard: ${where(node)}`);
  }
  for (const table of rendered("table")) if (!table.querySelector("th[scope]")) problems.push(`table without headings: ${where(table)}`);

  // Touch: 24 x 24 px at least, as WCAG 2.2 asks; links in a sentence are exempt.
  for (const node of rendered("button, select, [role=menuitem], [role=option], input:not([type=hidden])")) {
    const box = (node.closest("label.tick, .tones label") ?? node).getBoundingClientRect();
    if (box.width && (box.width < 24 || box.height < 24)) problems.push(`too small (${Math.round(box.width)} x ${Math.round(box.height)}): ${where(node)}`);
  }
  if (/user-scalable=no|maximum-scale/.test(document.querySelector("meta[name=viewport]").content)) problems.push("the page cannot be zoomed");
  if (document.documentElement.scrollWidth > innerWidth) problems.push(`wider than the screen: ${document.documentElement.scrollWidth}`);

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
  // What shows where a field is, and the words that stand in it while it is empty.
  const ratioOf = (one, other) => {
    const [dark, bright] = [brightness(one), brightness(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  for (const field of rendered("input:not([type=checkbox], [type=radio]), select, textarea")) {
    const frame = getComputedStyle(field).borderTopWidth === "0px" ? field.closest(".composer-box, .combo.many") : field;
    const ground = groundOf((frame ?? field).parentElement);
    if (frame) {
      const ratio = ratioOf(over(channels(getComputedStyle(frame).borderTopColor), ground), ground);
      if (ratio < 3) problems.push(`edge of a field ${ratio.toFixed(2)}: ${where(field)} ${nameOf(field)}`);
    }
    if (!field.placeholder) continue;
    const hint = ratioOf(over(channels(getComputedStyle(field, "::placeholder").color), groundOf(field)), groundOf(field));
    if (hint < 4.5) problems.push(`placeholder ${hint.toFixed(2)}: ${nameOf(field)}`);
  }
  return problems;
}

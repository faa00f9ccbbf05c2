// Things that open beside a button: emoji, a message's actions, shortcuts. The browser closes them on Esc or a click elsewhere.
import { insert } from "./composer.js";
import { tell } from "./control.js";
import { openThread } from "./threads.js";
import { refresh } from "./regions.js";

const known = JSON.parse(document.body.dataset.suggest);
const emojiMenu = document.getElementById("emoji-menu");
const messageMenu = document.getElementById("message-menu");
const shortcutMenu = document.getElementById("shortcut-menu");
let anchor;

export function openAt(menu, button) {
  anchor = button;
  menu.showPopover({ source: button });
  place(menu, button);
}

function place(menu, button) {
  const spot = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = spot.bottom + 6 + height < innerHeight;
  const top = below ? spot.bottom + 6 : spot.top - 6 - height;
  menu.style.left = `${Math.max(8, Math.min(spot.right - width, innerWidth - width - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(top, innerHeight - height - 8))}px`;
}

// Menus opened by the browser itself (popovertarget) are placed here too, and every menu takes the focus.
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (event.newState !== "open" || !menu.classList?.contains("menu")) return;
  const button = document.querySelector(`[popovertarget="${menu.id}"]`) ?? anchor;
  if (button) place(menu, button);
  menu.querySelector("input, [role=menuitem], button")?.focus();
}, true);

document.addEventListener("keydown", (event) => {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  const menu = event.target.closest?.("[role=menu]");
  if (!menu || !(event.key in steps)) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll("[role=menuitem]")];
  items[(items.indexOf(event.target) + steps[event.key] + items.length) % items.length].focus();
});

const messageOf = (node) => node.closest("[data-ts]")?.dataset;

export async function react({ channel, ts }, name, take) {
  await tell(take ? "unreact" : "react", { channel, ts, name });
  await refresh("messages", "thread");
}

document.addEventListener("click", (event) => {
  const reaction = event.target.closest("[data-react]");
  if (reaction) react(messageOf(reaction), reaction.dataset.react, reaction.getAttribute("aria-pressed") === "true");
  const emoji = event.target.closest("[data-open-emoji]");
  if (emoji) openAt(emojiMenu, emoji);
  const more = event.target.closest("[data-open-message-menu]");
  if (more) openMessageMenu(more);
  const shortcuts = event.target.closest("[data-open-shortcuts]");
  if (shortcuts) openShortcuts(shortcuts);
});

emojiMenu.addEventListener("click", (event) => {
  const name = event.target.closest("[data-emoji]")?.dataset.emoji;
  if (!name) return;
  emojiMenu.hidePopover();
  const tone = toneOf(emojiMenu);
  const toned = tone && event.target.closest("[data-tones]") ? `${name}::skin-tone-${tone}` : name;
  const form = anchor.closest("[data-composer]");
  if (form) insert(form, `:${toned}: `);
  else react(messageOf(anchor), toned, false);
});

// The skin tone is chosen once and kept, as in Slack.
const toneOf = (menu) => menu.querySelector("[name=tone]:checked").value;

function showTone() {
  const at = [...emojiMenu.querySelectorAll("[name=tone]")].findIndex((input) => input.checked);
  for (const button of emojiMenu.querySelectorAll("[data-tones]")) button.textContent = button.dataset.tones.split(" ")[at];
}

const keptTone = emojiMenu.querySelector(`[name=tone][value="${localStorage.getItem("tone") ?? ""}"]`);
if (keptTone) keptTone.checked = true;
showTone();
emojiMenu.addEventListener("change", ({ target }) => {
  if (target.name !== "tone") return;
  localStorage.setItem("tone", target.value);
  showTone();
});

document.getElementById("emoji-search").addEventListener("input", ({ target }) => {
  for (const button of emojiMenu.querySelectorAll("[data-emoji]")) {
    button.hidden = !button.dataset.emoji.replaceAll("_", " ").includes(target.value.toLowerCase());
  }
  for (const group of emojiMenu.querySelectorAll("section")) group.hidden = !group.querySelector("button:not([hidden])");
});

document.getElementById("emoji-search").addEventListener("keydown", (event) => {
  if (event.key === "Enter") emojiMenu.querySelector("section:not([hidden]) button:not([hidden])")?.click();
});

function item(label, note, work) {
  const button = Object.assign(document.createElement("button"), { type: "button", onclick: work });
  button.setAttribute("role", "menuitem");
  button.append(label, ...(note ? [Object.assign(document.createElement("small"), { textContent: note })] : []));
  return button;
}

function fill(menu, items) {
  menu.replaceChildren(...items);
  for (const one of items) one.addEventListener("click", () => menu.hidePopover());
}

function openMessageMenu(button) {
  const { ts, channel, threadTs, own } = messageOf(button);
  const body = wordsOf(button.closest("[data-ts]"));
  fill(messageMenu, [
    item("Reply in thread", "", () => openThread(threadTs ?? ts)),
    item("Copy text", "", () => navigator.clipboard.writeText(body)),
    ...(own ? [
      item("Edit message", "", () => edit({ channel, ts }, body)),
      item("Delete message", "", () => tell("delete", { channel, ts }).then(() => refresh("messages", "thread"))),
    ] : []),
    ...known.shortcuts.filter(({ kind }) => kind === "message").map(({ id, name }) =>
      item(name, "Shortcut of the app", () => tell("shortcut", { callback_id: id, channel, ts }))),
  ]);
  openAt(messageMenu, button);
}

function edit(message, text) {
  const dialog = document.getElementById("edit");
  const field = dialog.querySelector("textarea");
  field.value = text;
  dialog.returnValue = "no";
  dialog.showModal();
  field.focus();
  dialog.addEventListener("close", async () => {
    if (dialog.returnValue !== "yes" || !field.value.trim()) return;
    await tell("edit", { ...message, text: field.value });
    await refresh("messages", "thread");
  }, { once: true });
}

// What this person wrote last in the conversation, if anything.
export function editLast() {
  const own = [...document.querySelectorAll("[data-region=messages] [data-own=true]")].at(-1);
  if (!own) return;
  const { ts, channel } = own.dataset;
  edit({ channel, ts }, wordsOf(own));
}

function wordsOf(message) {
  const shown = message.querySelector(".body");
  return (shown.querySelector(":scope > .text") ?? shown).innerText;
}

function openShortcuts(button) {
  const shortcuts = known.shortcuts.filter(({ kind }) => kind === "global").map(({ id, name }) =>
    item(name, "Shortcut", () => tell("shortcut", { callback_id: id })));
  const commands = known.commands.map(({ name, text }) => item(name, text, () => insert(button.closest("form"), `${name} `)));
  fill(shortcutMenu, [...shortcuts, ...commands]);
  openAt(shortcutMenu, button);
}

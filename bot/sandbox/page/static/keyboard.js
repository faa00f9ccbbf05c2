// Keys as in Slack: go to a channel, walk through the sidebar, edit what one wrote last, and the list of all of them.
import { attachPicker } from "./combobox.js";
import { editLast } from "./menus.js";
import { goTo, openConversation } from "./recipients.js";

const help = document.getElementById("keys");
const goto = document.getElementById("goto");

attachPicker("goto", (id) => (id.startsWith("U") ? openConversation([id]) : goTo(id)));

function walk(step, unreadOnly) {
  const links = [...document.querySelectorAll("#side [data-channel-link]")];
  const at = links.findIndex((link) => link.hasAttribute("aria-current"));
  const order = links.map((_, index) => links[(at + step * (index + 1) + links.length * (index + 2)) % links.length]);
  order.find((link) => !unreadOnly || link.classList.contains("unread"))?.click();
}

function openGoto() {
  if (document.querySelector("dialog[open]")) return;
  goto.showModal();
  const field = goto.querySelector("input");
  field.value = "";
  field.focus();
  field.click();
}

const KEYS = [
  [({ key, ctrlKey, metaKey }) => key.toLowerCase() === "k" && (ctrlKey || metaKey), openGoto],
  [({ key, ctrlKey, metaKey }) => key === "/" && (ctrlKey || metaKey), () => help.open || help.showModal()],
  [({ key, altKey }) => altKey && (key === "ArrowDown" || key === "ArrowUp"), ({ key, shiftKey }) => walk(key === "ArrowDown" ? 1 : -1, shiftKey)],
  [({ key, target }) => key === "ArrowUp" && target.matches?.("[data-composer] textarea") && !target.value, () => editLast()],
];

document.addEventListener("keydown", (event) => {
  const [, work] = KEYS.find(([fits]) => fits(event)) ?? [];
  if (!work || event.isComposing) return;
  event.preventDefault();
  work(event);
});

for (const button of document.querySelectorAll("[data-keys-toggle]")) button.addEventListener("click", () => help.showModal());

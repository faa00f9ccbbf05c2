// Direct messages and group DMs: whom to write to.
import { tell } from "./control.js";
import { user } from "./regions.js";

const dialog = document.getElementById("new-message");
const field = document.getElementById("recipients");
const chips = dialog.querySelector(".chips");

export function goTo(channel) {
  location.href = `/client/${user}/${channel}`;
}

export async function openConversation(people) {
  const said = await tell("open-dm", { with: people });
  if (said.channel) goTo(said.channel);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close-dialog]")) event.target.closest("dialog").close();
  if (!event.target.closest("[data-new-message]")) return;
  chips.replaceChildren();
  field.value = "";
  dialog.showModal();
  field.focus();
});

dialog.addEventListener("submit", (event) => {
  event.preventDefault(); // it stays open, with who was chosen, when the conversation cannot be begun
  openConversation([...chips.children].map(({ dataset }) => dataset.value));
});

// Calls of the control API, and what the person is told when one goes wrong.
import { user } from "./regions.js";
import { windowId } from "./window.js";

export async function ask(path, body, method = "POST") {
  let answer;
  try {
    answer = await fetch(`/control/${path}`, {
      method,
      headers: { "Content-Type": "application/json" },
      body: method === "GET" ? undefined : JSON.stringify({ user, window: windowId, ...body }),
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { failure: "The local Slack does not answer. Is it still running?" };
  }
  const text = await answer.text();
  const said = text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : {};
  if (!answer.ok && !said.failure) said.failure = said.error || text || `The local Slack answered ${answer.status}.`;
  return said;
}

// The same, with a toast when the app did not answer.
export async function tell(path, body, method) {
  const said = await ask(path, body, method);
  if (said.failure) toast(said.failure);
  return said;
}

export function toast(sentence) {
  const box = document.getElementById("toasts");
  if ([...box.children].some((shown) => shown.dataset.sentence === sentence)) return;
  const note = document.createElement("div");
  note.className = "toast";
  note.dataset.sentence = sentence;
  const close = Object.assign(document.createElement("button"), { type: "button", className: "btn quiet", textContent: "×" });
  close.setAttribute("aria-label", "Dismiss");
  close.onclick = () => note.remove();
  note.append(Object.assign(document.createElement("span"), { textContent: sentence }), close);
  box.append(note);
  box.hidePopover(); // shown anew it lies above a modal that was opened since
  box.showPopover();
  setTimeout(() => note.remove(), 9000);
}

export async function busy(button, work) {
  button.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    button.removeAttribute("aria-busy");
  }
}

const question = document.getElementById("confirm");

// Slack's confirm object as a dialog; resolves to whether the person agreed.
export function confirmed(element) {
  const asked = element.closest("[data-confirm]")?.dataset.confirm;
  if (!asked) return Promise.resolve(true);
  const { title, text, confirm, deny, style } = JSON.parse(asked);
  document.getElementById("confirm-title").textContent = title;
  document.getElementById("confirm-text").textContent = text;
  const [no, yes] = question.querySelectorAll("footer button");
  no.textContent = deny;
  yes.textContent = confirm;
  yes.className = `btn ${style === "danger" ? "danger" : "primary"}`;
  question.returnValue = "no";
  question.showModal();
  return new Promise((resolve) => {
    question.addEventListener("close", () => resolve(question.returnValue === "yes"), { once: true });
  });
}

// Modals: the stack, focus, sending, errors at their fields, closing.
import { ask, busy, toast } from "./control.js";
import { valuesOf } from "./elements.js";
import { after, refresh } from "./regions.js";

const region = document.getElementById("modals");

let before = null;
const focused = new WeakMap(); // dialog -> the id of the field that asked for the focus when it was last shown

// Every view of the stack is an open dialog, the newest above the others; the browser keeps focus inside the newest.
// When the last one closes, the focus goes back to where it was before the first, or else to the message field.
function showStack() {
  const isOpen = Boolean(region.querySelector("dialog[open]"));
  if (!isOpen && region.querySelector("dialog")) before = document.activeElement;
  if (!isOpen && before && !region.querySelector("dialog")) {
    const lost = document.activeElement === document.body || !document.activeElement;
    const back = before.isConnected && before !== document.body ? before : document.querySelector("[data-composer] textarea");
    if (lost) back?.focus();
    before = null;
  }
  for (const dialog of region.querySelectorAll("dialog")) {
    const wanted = dialog.querySelector("[autofocus]");
    const isNew = wanted && wanted.id !== focused.get(dialog);
    focused.set(dialog, wanted?.id);
    // In an open dialog a view was perhaps replaced: its own field that asks for the focus gets it, and where the field
    // that had it is gone, the first one.
    if (dialog.open && !isNew && document.activeElement !== document.body) continue;
    if (!dialog.open) dialog.showModal();
    const first = wanted ?? dialog.querySelector(".modal-body :is(input, textarea, select, [data-rich-text]):not([disabled])");
    (first ?? dialog.querySelector("[data-submit], [data-close-view]")).focus();
  }
}

after("modals", showStack);
showStack();

function showErrors(dialog, errors) {
  let first = null;
  for (const box of dialog.querySelectorAll("[data-input]")) {
    const line = box.querySelector(".error");
    const sentence = errors[box.dataset.input];
    line.textContent = sentence ?? "";
    line.hidden = !sentence;
    const field = box.querySelector("[data-rich-text], input, textarea, select");
    if (sentence) {
      line.id ||= `${field.id || box.dataset.input}-error`;
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-errormessage", line.id);
      first ??= field;
    } else {
      field?.removeAttribute("aria-invalid");
    }
  }
  first?.focus();
}

function showFailure(dialog, sentence) {
  const box = dialog.querySelector(".modal-failure");
  box.hidden = !sentence;
  box.textContent = sentence ? `${sentence} Nothing you typed is lost; you can try again.` : "";
  if (sentence) box.scrollIntoView({ block: "nearest" });
}

async function submit(dialog) {
  const button = dialog.querySelector("[data-submit]");
  if (!button || button.getAttribute("aria-busy") === "true") return;
  showFailure(dialog, "");
  showErrors(dialog, {});
  const said = await busy(button, () => ask("submit", { view_id: dialog.dataset.viewId, values: valuesOf(dialog) }));
  if (said.outcome === "errors") return showErrors(dialog, said.errors);
  if (said.failure) return showFailure(dialog, said.failure);
  await refresh("modals");
}

async function close(dialog, all) {
  dialog.setAttribute("aria-busy", "true");
  const said = await ask("close", { view_id: dialog.dataset.viewId, all });
  if (said.failure) toast(said.failure);
  await refresh("modals");
  dialog.removeAttribute("aria-busy");
}

region.addEventListener("submit", (event) => {
  event.preventDefault();
  submit(event.target.closest("dialog"));
});

region.addEventListener("click", (event) => {
  const dialog = event.target.closest("dialog");
  if (event.target.closest("[data-close-view]")) close(dialog, false);
  else if (event.target.closest("[data-close-all]")) close(dialog, true);
});

// Esc asks the dialog to close; the workspace must hear of it first.
region.addEventListener("cancel", (event) => {
  event.preventDefault();
  close(event.target.closest("dialog"), false);
}, true);

region.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event.target.closest("dialog"));
});

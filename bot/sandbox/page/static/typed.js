// A field tells the workspace what was written when it is left. What is written until then is kept in the window, so that
// loading the page anew loses nothing of a form.
import { after, user } from "./regions.js";

const prefix = `typed:${user}:`;
const ofModals = `${prefix}x-modal-`;

export const typedIn = (field) => sessionStorage.getItem(prefix + field.id);

export function keepTyped(field, words) {
  try {
    sessionStorage.setItem(prefix + field.id, words);
  } catch {
    forgetTyped(field); // more than a browser keeps: half a text would be worse than none
  }
}

export function forgetTyped(field) {
  sessionStorage.removeItem(prefix + field.id);
}

function restore(region) {
  for (const field of region.querySelectorAll("[data-input] :is(input, textarea)[data-action-id]")) {
    const words = typedIn(field);
    if (words !== null && field.value !== words) field.value = words;
  }
}

// Forms that are closed are nobody's any more.
function forgetClosed() {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(ofModals) && !document.getElementById(key.slice(prefix.length))) sessionStorage.removeItem(key);
  }
}

after("modals", (region) => {
  restore(region);
  forgetClosed();
});
for (const name of ["home", "messages"]) after(name, restore);
restore(document);

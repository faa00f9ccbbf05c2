// Which window this is: a modal opens in the one somebody clicked in, as in Slack. The name stays when the page is loaded
// anew; a browser copies it when somebody duplicates the window, so whoever comes second takes another one.
import { refresh } from "./regions.js";

const born = random();
const others = new BroadcastChannel("windows");
export let windowId = sessionStorage.getItem("window") ?? random();
sessionStorage.setItem("window", windowId);

function random() {
  return Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

others.addEventListener("message", ({ data: { claims, by, to } }) => {
  if (claims === windowId && !to) {
    others.postMessage({ claims, by: born, to: by });
  } else if (claims === windowId && to === born) {
    windowId = random();
    sessionStorage.setItem("window", windowId);
    refresh("modals");
  }
});
others.postMessage({ claims: windowId, by: born });
addEventListener("pagehide", () => others.close());

// The thread beside the channel; which one is open stands in the address.
import { restoreDrafts } from "./composer.js";
import { after, channel, refresh, user } from "./regions.js";

const panel = document.querySelector(".thread");
let opener;

function go(ts) {
  const address = new URL(location);
  if (ts) address.searchParams.set("thread", ts);
  else address.searchParams.delete("thread");
  history.replaceState(null, "", address);
  document.body.classList.toggle("with-thread", Boolean(ts));
}

export async function openThread(ts) {
  opener = document.activeElement;
  panel.replaceChildren();
  delete panel.dataset.since;
  go(ts);
  await refresh("thread");
  const scroller = panel.querySelector("[data-scroll]");
  scroller.scrollTop = scroller.scrollHeight;
  panel.querySelector("textarea").focus();
}

function closeThread() {
  go("");
  panel.replaceChildren();
  if (opener?.isConnected) opener.focus();
}

after("thread", restoreDrafts);

document.addEventListener("click", (event) => {
  const open = event.target.closest("[data-open-thread]");
  if (open) openThread(open.dataset.openThread);
  if (event.target.closest("[data-close-thread]")) closeThread();
  const dismiss = event.target.closest("[data-dismiss]")?.closest("[data-ts]");
  if (dismiss) fetch(`/page/dismiss/${user}/${channel}?ts=${dismiss.dataset.ts}`, { method: "POST" }).then(() => refresh("messages", "thread"));
});

panel.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) closeThread();
});

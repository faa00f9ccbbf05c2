// Listens to what changes in the workspace and refreshes the regions it touches.
import "./modals.js";
import "./keyboard.js";
import "./menus.js";
import "./recipients.js";
import "./tables.js";
import "./uploads.js";
import { restoreDrafts } from "./composer.js";
import { tell } from "./control.js";
import { developerIsOpen, sayLate } from "./frame.js";
import { channel, refresh, user } from "./regions.js";
import { windowId } from "./window.js";

const TOUCHES = {
  message: ["messages", "thread", "sidebar"],
  reaction: ["messages", "thread"],
  view: ["modals", "home"],
  home: ["home"],
  connection: ["status"],
  clock: ["clock", "messages", "thread"],
  person: ["sidebar", "messages", "thread"],
  channel: ["sidebar"],
  read: [], // what is read here is not counted here; other channels' windows show the count
};
const EVERYTHING = ["status", "sidebar", "messages", "thread", "modals", "home", "clock"];

async function hear(news) {
  if (news.window && news.window !== windowId) return; // a modal of another window of this person
  if (news.kind === "failure" && !document.querySelector("[data-region=status] .banner")) sayLate(news);
  const elsewhere = news.channel && news.channel !== channel;
  const touched = elsewhere ? ["sidebar"] : (TOUCHES[news.kind] ?? []);
  await refresh(...touched, ...(developerIsOpen() ? ["developer"] : []));
}

let stream;

function listen() {
  stream?.close();
  stream = new EventSource(`/control/stream?user=${user}`);
  stream.onopen = () => {
    document.body.classList.remove("away");
    refresh(...EVERYTHING); // whatever happened since the page was rendered, or while the server was away
  };
  stream.onmessage = ({ data }) => hear(JSON.parse(data));
  stream.onerror = () => {
    document.body.classList.add("away");
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => document.hidden || listen(), 1000);
  };
}

// A browser keeps few connections to one server, so windows that nobody sees let theirs go and catch up later.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    stream.close();
  } else {
    listen();
  }
});
addEventListener("pagehide", () => stream.close());
addEventListener("pageshow", ({ persisted }) => persisted && listen());

const scroller = document.getElementById("messages-scroll");
if (scroller) {
  const newLine = scroller.querySelector(".new-line");
  scroller.scrollTop = scroller.scrollHeight;
  let atEnd = true;
  const toNewest = document.getElementById("to-newest");
  scroller.addEventListener("scroll", () => {
    atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
    toNewest.hidden = atEnd;
  });
  toNewest.addEventListener("click", () => {
    scroller.scrollTop = scroller.scrollHeight;
    scroller.focus();
  });
  // The newest message stays in sight when the drawer, a keyboard or a longer draft takes room.
  new ResizeObserver(() => {
    if (atEnd) scroller.scrollTop = scroller.scrollHeight;
  }).observe(scroller);
  if (newLine && newLine.offsetTop < scroller.scrollTop) newLine.scrollIntoView({ block: "start" });
}
restoreDrafts(document);

// A picture that cannot be loaded (no network, wrong address) is its description.
function describe(picture) {
  const words = Object.assign(document.createElement("span"), { className: `no-picture ${picture.className}`, textContent: picture.alt || "Picture" });
  picture.replaceWith(words);
}
document.addEventListener("error", ({ target }) => target.nodeName === "IMG" && describe(target), true);
for (const picture of document.images) if (picture.complete && !picture.naturalWidth) describe(picture);

if (document.body.dataset.appDm && !document.querySelector("[data-key=off]")) tell("open-home", { tab: document.body.dataset.tab });
if (matchMedia("(min-width: 800px)").matches && !document.querySelector("dialog[open]")) {
  document.querySelector("[data-composer] textarea")?.focus();
}
listen();
setInterval(() => developerIsOpen() && !document.hidden && refresh("developer"), 2000); // calls make no notice
window.answerEarlyClicks();

// What stands around the conversation: who you are, theme, the drawer on a phone, the clock, the developer's drawer.
import { busy, tell, toast } from "./control.js";
import { attachPicker } from "./combobox.js";
import { epochOf } from "./elements.js";
import { after, channel, refresh, user } from "./regions.js";
import { windowId } from "./window.js";

const byId = (id) => document.getElementById(id);
const side = byId("side");

// The page as another person: the same channel, or their own DM with the app.
function switchTo(person) {
  location.href = document.body.dataset.appDm ? `/client/${person}` : `/client/${person}/${channel}`;
}
attachPicker("person", switchTo);
byId("you-are").addEventListener("change", ({ target }) => {
  if (target.nodeName === "SELECT") switchTo(target.value);
});

const toggles = (name) => document.querySelectorAll(`[data-${name}-toggle]`);

function switchTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
  document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
  localStorage.setItem("theme", document.documentElement.dataset.theme);
}
for (const button of toggles("theme")) button.addEventListener("click", switchTheme);

function showSide(yes) {
  side.classList.toggle("open", yes);
  byId("shade").hidden = !yes;
  byId("open-side").setAttribute("aria-expanded", String(yes));
  if (yes) side.querySelector("[aria-current], a").focus();
  else byId("open-side").focus();
}

byId("open-side").addEventListener("click", () => showSide(!side.classList.contains("open")));
byId("shade").addEventListener("click", () => showSide(false));
side.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && side.classList.contains("open")) showSide(false);
});

// The workspace's clock runs at real speed from wherever it was put.
let shownAt = performance.now();
function tick() {
  const shown = document.querySelector("[data-now]");
  const now = new Date((Number(shown.dataset.now) + (performance.now() - shownAt) / 1000) * 1000);
  shown.textContent = now.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: shown.dataset.zone });
}
after("clock", () => {
  shownAt = performance.now();
});
setInterval(tick, 5000);

async function moveClock(wish) {
  byId("clock-menu").hidePopover();
  const said = await tell("clock", wish);
  await refresh("clock", "messages", "thread");
  if (!said.failure) toast(`The clock now says ${document.querySelector(".clock-text").innerText}.`);
}

byId("clock-presets").addEventListener("click", ({ target }) => {
  const { preset, forward, real } = target.closest("button")?.dataset ?? {};
  if (preset) moveClock({ preset });
  else if (forward) moveClock({ forward: Number(forward) });
  else if (real !== undefined) moveClock({ real: true });
});
byId("clock-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const seconds = epochOf(new FormData(event.target).get("to"));
  moveClock({ to: new Date(seconds * 1000).toISOString().replace(".000Z", "Z") });
});

const drawer = byId("developer");
export const developerIsOpen = () => !drawer.hidden;

function showDeveloper(yes) {
  drawer.hidden = !yes;
  for (const button of toggles("developer")) button.setAttribute("aria-expanded", String(yes));
  if (yes) refresh("developer").then(() => byId("developer-filter").focus());
  else [...toggles("developer")].find((button) => button.offsetParent)?.focus();
}

function filterLog() {
  const words = byId("developer-filter").value.toLowerCase();
  const kind = byId("developer-kind").value;
  for (const entry of drawer.querySelectorAll(".entry")) {
    entry.hidden = !entry.dataset.search.includes(words) || (kind && (kind === "bad" ? !entry.classList.contains("bad") : entry.dataset.kind !== kind));
  }
}

after("developer", filterLog);
for (const button of toggles("developer")) {
  button.addEventListener("click", () => {
    if (side.classList.contains("open")) showSide(false);
    showDeveloper(drawer.hidden);
  });
}
byId("close-developer").addEventListener("click", () => showDeveloper(false));
byId("developer-filter").addEventListener("input", filterLog);
byId("developer-kind").addEventListener("change", filterLog);
drawer.addEventListener("keydown", (event) => {
  if (event.key === "Escape") showDeveloper(false);
});
drawer.addEventListener("click", async ({ target }) => {
  const again = target.closest("[data-send-again], [data-call-again]");
  if (again) {
    await busy(again, () => repeat(again));
    await refresh("developer");
  }
  const button = target.closest("[data-copy], [data-copy-curl]");
  if (!button) return;
  await navigator.clipboard.writeText("copyCurl" in button.dataset ? asCurl(button) : button.closest("section").querySelector("pre").textContent);
  button.textContent = "Copied";
});

const payloadOf = (button) => button.closest(".entry").querySelector("pre").textContent || "{}";
const headers = () => ({ "Content-Type": "application/json; charset=utf-8", Authorization: `Bearer ${drawer.dataset.botToken}` });

function asCurl(button) {
  const given = Object.entries(headers()).map(([name, value]) => `-H '${name}: ${value}'`).join(" ");
  return `curl ${location.origin}/api/${button.dataset.copyCurl} ${given} -d '${payloadOf(button).replaceAll("'", "'\\''")}'`;
}

// A call is made again as the app; an event or interaction goes to the app again.
async function repeat(button) {
  const { callAgain, sendAgain } = button.dataset;
  const request = callAgain
    ? fetch(`/api/${callAgain}`, { method: "POST", headers: headers(), body: payloadOf(button) })
    : fetch(`/page/again/${user}?number=${sendAgain}&window=${windowId}`, { method: "POST" });
  const said = await request.then((answer) => answer.text(), () => ""); // a fault may reset the connection
  if (!callAgain && said) toast(said);
}

// What the app did not answer stays on the screen until somebody has seen it.
export function sayLate({ sentence, what, name }) {
  byId("late-words").textContent = sentence;
  byId("late-what").textContent = `(${what} ${name})`;
  byId("late").hidden = false;
}
byId("late-close").addEventListener("click", () => {
  byId("late").hidden = true;
});
byId("late-log").addEventListener("click", () => {
  byId("late").hidden = true;
  byId("developer-kind").value = "bad";
  showDeveloper(true);
});

byId("fault-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const wish = Object.fromEntries(new FormData(event.target));
  await tell("faults", { ...wish, times: Number(wish.times) });
  await refresh("faults");
});
byId("rate-limits").addEventListener("change", ({ target }) => tell("limits", { enabled: target.checked }));
byId("clear-faults").addEventListener("click", async () => {
  await tell("faults", {}, "DELETE");
  await refresh("faults");
});

document.querySelector("[data-region=status]").addEventListener("click", async ({ target }) => {
  if (!target.closest("[data-events-on]")) return;
  await tell("events-on", {});
  document.querySelector("[data-composer] textarea")?.focus();
});

byId("join")?.addEventListener("click", async () => {
  const said = await tell("join", { channel });
  if (!said.failure) location.reload();
});

// Whatever brought a message onto the screen (news of it, other news, the stream that came up late): it is read now. The
// request outlives the page, so that somebody who goes elsewhere at once has read it all the same.
async function markRead() {
  if (document.hidden || document.body.dataset.tab === "home") return;
  try {
    await fetch(`/page/read/${user}/${channel}`, { method: "POST", keepalive: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // the server is away; the stream asks for everything when it is back
  }
}
after("messages", markRead);

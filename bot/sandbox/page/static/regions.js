// Fetches regions of the page and swaps them in.
import { morph } from "./morph.js";
import { windowId } from "./window.js";

export const { user, channel } = document.body.dataset;
const waiting = new Map();
const afterwards = new Map();

export function after(name, work) {
  afterwards.set(name, [...(afterwards.get(name) ?? []), work]);
}

// Several wishes for one region within a moment are one fetch; a wish during a fetch asks again afterwards.
export function refresh(...names) {
  return Promise.all(names.map((name) => {
    const state = waiting.get(name);
    if (state) {
      state.again = true;
      return state.done;
    }
    const mine = { again: false };
    mine.done = load(name, mine).finally(() => waiting.delete(name));
    waiting.set(name, mine);
    return mine.done;
  }));
}

// Older messages come in above; what somebody was reading stays where it is.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-older]");
  if (!button) return;
  const region = button.closest("[data-region]");
  const scroller = button.closest("[data-scroll]");
  const below = button.closest("li").parentElement.querySelector(".older ~ .message");
  const { top } = below.getBoundingClientRect();
  button.setAttribute("aria-busy", "true");
  region.dataset.since = button.dataset.older;
  await refresh(region.dataset.region);
  button.removeAttribute("aria-busy");
  scroller.scrollTop += below.getBoundingClientRect().top - top;
  if (document.activeElement === document.body) scroller.focus();
});

async function load(name, state) {
  do {
    state.again = false;
    const target = document.querySelector(`[data-region="${name}"]`);
    if (!target) return;
    let answer;
    try {
      const query = new URLSearchParams(location.search);
      query.set("seen", document.body.dataset.seen);
      query.set("window", windowId);
      query.set("since", target.dataset.since ?? "");
      answer = await fetch(`/page/${name}/${user}/${channel}?${query}`, { headers: { Accept: "text/html" } });
    } catch (error) {
      if (error instanceof TypeError) return; // the server is away; the stream asks for everything when it is back
      throw error;
    }
    if (!answer.ok) return;
    const html = await answer.text();
    const scroller = target.closest("[data-scroll]") ?? target.querySelector("[data-scroll]");
    const atEnd = scroller && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
    morph(target, html);
    if (atEnd) scroller.scrollTop = scroller.scrollHeight;
    for (const work of afterwards.get(name) ?? []) work(target);
  } while (state.again);
}

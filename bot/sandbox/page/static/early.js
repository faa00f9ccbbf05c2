// Runs before the first paint: a chosen theme never flashes the other one, and a click, or the Enter that sends a message,
// that comes before the modules are loaded is answered once they are.
const chosenTheme = localStorage.getItem("theme");
if (chosenTheme) document.documentElement.dataset.theme = chosenTheme;

const earlyClicks = [];
function keepClick(event) {
  const button = event.target.closest("button:not([popovertarget])");
  if (!button) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  earlyClicks.push(button);
}
function keepEnter(event) {
  if (event.key !== "Enter" || event.shiftKey || !event.target.matches?.("[data-composer] textarea")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  earlyClicks.push(event.target.form.querySelector("[type=submit]"));
}
addEventListener("click", keepClick, true);
addEventListener("keydown", keepEnter, true);
window.answerEarlyClicks = () => {
  removeEventListener("click", keepClick, true);
  removeEventListener("keydown", keepEnter, true);
  for (const button of earlyClicks) if (button.isConnected) button.click();
};

// Runs before the first paint: a chosen theme never flashes the other one, and a click that comes before the modules
// are loaded is answered once they are.
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
addEventListener("click", keepClick, true);
window.answerEarlyClicks = () => {
  removeEventListener("click", keepClick, true);
  for (const button of earlyClicks) if (button.isConnected) button.click();
};

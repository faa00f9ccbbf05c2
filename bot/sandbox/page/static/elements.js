// What stands in Block Kit elements, and telling the app when somebody uses one.
import { ask, busy, confirmed, tell, toast } from "./control.js";
import { attachComboboxes } from "./combobox.js";
import { attachRichEditors, richValueOf } from "./rich_editor.js";
import { forgetTyped, keepTyped } from "./typed.js";

const zone = document.body.dataset.zone;

// A wall-clock time of the person's zone as seconds since 1970.
export function epochOf(local) {
  const guess = Date.parse(`${local}Z`);
  const shown = new Date(guess).toLocaleString("sv-SE", { timeZone: zone }).replace(" ", "T");
  const first = guess - (Date.parse(`${shown}Z`) - guess);
  const again = new Date(first).toLocaleString("sv-SE", { timeZone: zone }).replace(" ", "T");
  return Math.round((first + guess - Date.parse(`${again}Z`)) / 1000);
}

const ticked = (box) => [...box.querySelectorAll("input:checked")].map((input) => input.value);
const option = (node) => (node.dataset.option ? JSON.parse(node.dataset.option) : node.dataset.value);
const READ = {
  file_input: (box) => [...box.querySelectorAll("[data-file]")].map(({ dataset }) => JSON.parse(dataset.file)),
  radio_buttons: (box) => ticked(box)[0] ?? null,
  checkboxes: ticked,
  datetimepicker: (input) => (input.value ? epochOf(input.value) : null),
  rich_text_input: richValueOf,
};

export function valueOf(element) {
  const read = READ[element.dataset.type];
  if (read) return read(element);
  if (!element.classList.contains("combo")) return element.value || null;
  if (element.dataset.multiple === "true") return [...element.querySelectorAll(".chips li")].map(option);
  const input = element.querySelector("input");
  return input.dataset.option ? JSON.parse(input.dataset.option) : input.dataset.chosen || null;
}

// What stands in the inputs of a modal or Home: block id, action id, value.
export function valuesOf(box) {
  const values = {};
  for (const element of box.querySelectorAll("[data-input] [data-action-id]:not([disabled])")) {
    const { blockId, actionId } = element.dataset;
    (values[blockId] ??= {})[actionId] = valueOf(element);
  }
  return values;
}

// Where the element stands, in the words of the control API.
export function whereIs(node) {
  const box = node.closest("[data-container]");
  const { container, channel, ts, viewId } = box.dataset;
  if (container === "view") return { view_id: viewId };
  if (container === "home") return { home: true };
  return container === "ephemeral" ? { ephemeral_ts: ts, channel } : { channel, ts };
}

const idsOf = ({ dataset }) => ({ block_id: dataset.blockId, action_id: dataset.actionId });

async function press(element, value, shown = element) {
  if (!(await confirmed(element))) return;
  const values = valuesOf(element.closest("[data-container]")); // what is typed goes along, and survives an update
  await busy(shown, () => tell("press", { ...idsOf(element), ...whereIs(element), value, values }));
}

document.addEventListener("click", (event) => {
  const item = event.target.closest(".overflow [role=menuitem]");
  if (item) {
    item.closest("[popover]").hidePopover();
    const overflow = item.closest("[data-action-id]");
    press(overflow, item.dataset.value, overflow.querySelector("button"));
    return;
  }
  const button = event.target.closest("button[data-action-id], a[data-action-id]");
  if (button && button.getAttribute("aria-busy") !== "true") press(button, button.dataset.value);
});

// In an input block a change is kept with the view and told to the app only if the block dispatches; elsewhere every
// choice is told at once.
export async function changed(element, how) {
  const input = element.closest("[data-input]");
  const where = whereIs(element);
  const dispatches = input?.dataset.dispatch;
  if (!input || (dispatches && !isTyped(element))) return press(element, valueOf(element));
  if (dispatches?.includes(how)) return press(element, valueOf(element));
  if (where.view_id || where.home) {
    const said = await ask("change", { ...idsOf(element), ...where, value: valueOf(element) });
    if (said.failure) toast(said.failure);
  }
}

const isTyped = (element) => element.matches(".rich-input, textarea, input:not([type=date]):not([type=time]):not([type=datetime-local])");

document.addEventListener("change", async (event) => {
  const element = event.target.closest("[data-action-id]");
  if (!element || element.matches(".combo, .files")) return;
  await null; // a field that goes with its view reports a change while it is being removed: nobody asks for it any more
  if (element.isConnected) await changed(element, "on_change");
  forgetTyped(element);
});

document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-input] [data-action-id]") && isTyped(target)) keepTyped(target, target.value);
});

let typing;
document.addEventListener("input", (event) => {
  const element = event.target.closest("[data-dispatch] [data-action-id]");
  if (!element || !element.closest("[data-dispatch]").dataset.dispatch.includes("on_character_entered")) return;
  clearTimeout(typing);
  typing = setTimeout(() => changed(element, "on_character_entered"), 350);
});

document.addEventListener("keydown", (event) => {
  const element = event.target.closest("[data-dispatch] input[data-action-id]");
  if (event.key !== "Enter" || !element) return;
  if (element.closest("[data-dispatch]").dataset.dispatch.includes("on_enter_pressed")) {
    event.preventDefault();
    changed(element, "on_enter_pressed");
  }
});

attachComboboxes({ changed, whereIs, idsOf });
attachRichEditors({ changed });

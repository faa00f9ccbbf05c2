// Files chosen in a form are uploaded at once, as in Slack; what stands in the element are the file objects.
import { toast } from "./control.js";
import { changed } from "./elements.js";
import { user } from "./regions.js";

async function upload(box, file) {
  const query = new URLSearchParams({ name: file.name });
  const answer = await fetch(`/page/upload/${user}?${query}`, { method: "POST", body: file }).catch(() => null);
  if (!answer?.ok) return toast(`${file.name} could not be uploaded.`);
  const kept = await answer.json();
  const item = document.createElement("li");
  item.dataset.file = JSON.stringify(kept);
  const cross = Object.assign(document.createElement("button"), { type: "button", className: "file-x", textContent: "×" });
  cross.setAttribute("aria-label", `Remove ${kept.name}`);
  cross.dataset.removeFile = "";
  item.append(Object.assign(document.createElement("span"), { textContent: kept.name }), cross);
  box.querySelector(".file-list").append(item);
  return undefined;
}

document.addEventListener("change", async ({ target }) => {
  const box = target.closest(".files");
  if (!box) return;
  const room = Number(box.dataset.max) - box.querySelectorAll("[data-file]").length;
  if (target.files.length > room) toast(`At most ${box.dataset.max} files can be chosen here.`);
  for (const file of [...target.files].slice(0, room)) await upload(box, file);
  target.value = "";
  await changed(box, "on_change");
});

document.addEventListener("click", async ({ target }) => {
  const cross = target.closest("[data-remove-file]");
  if (!cross) return;
  const box = cross.closest(".files");
  cross.closest("li").remove();
  box.querySelector("input").focus();
  await changed(box, "on_change");
});

// Moves the lines of a ranking at once, where the page would otherwise go to the server and come back.
// Without this file the same buttons and lists do the same: they are ordinary controls of the form.

const says = (list, text) => {
  const status = list.parentElement.querySelector("[data-order-said]");
  if (status) status.textContent = text;
};

const lines = (list) => [...list.children];
const placeOf = (line) => line.querySelector("select[name*='.place.']");
const isUsed = (list, line) => !list.hasAttribute("data-optional") || placeOf(line).value !== "";

const renumber = (list) => {
  let place = 0;
  for (const line of lines(list)) {
    const used = isUsed(list, line);
    if (used) placeOf(line).value = String(++place);
    line.classList.toggle("used", used);
  }
  const shown = list.parentElement.querySelector("input[name$='.shown']");
  if (shown) shown.value = lines(list).map((line) => line.dataset.id).join(" ");
};

const settle = (list, line, focus) => {
  renumber(list);
  focus.focus();
  const text = line.querySelector(".say").textContent.trim();
  says(list, placeOf(line).value ? `${placeOf(line).value}. ${text}` : text);
};

const changed = (list) => list.dispatchEvent(new Event("change", { bubbles: true }));

for (const list of document.querySelectorAll("[data-order]")) {
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[name$='.move']");
    if (!button) return;
    event.preventDefault();
    const line = button.closest("li");
    if (button.value.endsWith(":up")) {
      const used = lines(list).filter((other) => isUsed(list, other));
      if (!isUsed(list, line)) {
        placeOf(line).value = String(used.length + 1);
        used.length ? used.at(-1).after(line) : list.prepend(line);
      } else if (line.previousElementSibling) {
        line.previousElementSibling.before(line);
      }
    } else if (isUsed(list, line) && line.nextElementSibling && isUsed(list, line.nextElementSibling)) {
      line.nextElementSibling.after(line);
    }
    settle(list, line, button);
    changed(list);
  });
  list.addEventListener("change", (event) => {
    const select = event.target;
    if (!(select instanceof HTMLSelectElement) || !select.name.includes(".place.")) return;
    const line = select.closest("li");
    const others = lines(list).filter((other) => other !== line && isUsed(list, other));
    if (select.value === "") {
      list.append(line);
    } else {
      const before = others[Number(select.value) - 1];
      if (before) before.before(line);
      else if (others.length) others.at(-1).after(line);
      else list.prepend(line);
    }
    settle(list, line, select);
  });
}

/* What the administration's frame leaves out for those who hear a page instead of seeing it. */
(() => {
  if (window.passerelleFrame) return;
  window.passerelleFrame = true;

  // Unfold's column of content is no landmark.
  const main = () => {
    const column = document.querySelector("#page > #main");
    if (column && !document.querySelector("main")) column.setAttribute("role", "main");
  };

  // The field in which one types a name is made by a script, without its label.
  const label = (root) => {
    for (const field of root.querySelectorAll(".select2-search__field:not([aria-label])")) {
      const select = field.closest(".select2-container")?.previousElementSibling;
      const words = select?.labels?.[0]?.textContent ?? field.closest(".select2-dropdown")?.querySelector(".select2-results__options")?.id;
      if (words) field.setAttribute("aria-label", words.trim());
    }
    for (const shown of root.querySelectorAll(".select2-selection--single:not([aria-label])")) {
      const words = shown.closest(".select2-container")?.previousElementSibling?.labels?.[0]?.textContent?.trim();
      if (!words) continue;
      shown.setAttribute("aria-label", words);
      shown.querySelector("[role=textbox]")?.setAttribute("aria-label", words);
    }
    // A row of fields in a table is named by its columns.
    for (const field of root.querySelectorAll("td input:not([type=hidden], [aria-label]), td select:not([aria-label])")) {
      if (field.labels?.length) continue;
      const cell = field.closest("td");
      const words = cell.closest("table")?.tHead?.rows[0]?.cells[cell.cellIndex]?.textContent?.trim();
      if (words) field.setAttribute("aria-label", words);
    }
    for (const head of root.querySelectorAll("th:not([role])")) if (!head.textContent.trim()) head.setAttribute("role", "cell");
  };

  // Two scrolling parts of one page must not bear the same name.
  const scrolling = () => {
    for (const part of document.querySelectorAll(".simplebar-content-wrapper[role=region]")) part.removeAttribute("role");
  };

  document.addEventListener("DOMContentLoaded", () => {
    // Unfold shows a file's name in a second field, which ours have not.
    for (const field of document.querySelectorAll(".pa input[type=file]")) field.hasChangeListener = true;
    main();
    label(document);
    window.setTimeout(() => { label(document); scrolling(); }, 50);
    new MutationObserver(() => label(document)).observe(document.body, { childList: true, subtree: true });
  });
})();

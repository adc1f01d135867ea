/* Keeps the progress of a running import true, and opens the result when it is there. Without script the page reloads itself. */
const place = () => document.getElementById("pa-progress");

async function look() {
  const shown = place();
  if (!shown) return;
  try {
    const answer = await fetch(shown.dataset.url, { headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" });
    if (answer.ok) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("pa-progress");
      if (fresh && fresh.dataset.state !== "running") {
        window.location.reload();
        return;
      }
      // A person about to press a button in it is not disturbed.
      if (fresh && !shown.contains(document.activeElement)) shown.replaceWith(fresh);
    }
  } catch {
    // The network is away for a moment: the next look tells.
  }
  window.setTimeout(look, 1000);
}

window.setTimeout(look, 700);

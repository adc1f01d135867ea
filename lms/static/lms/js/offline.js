// Asks the browser to keep our offline page. Where that is not possible, nothing is missed but that page.
const address = document.querySelector("meta[name=offline-worker]")?.content;
if (address && "serviceWorker" in navigator) {
  navigator.serviceWorker.register(`${address}?lang=${document.documentElement.lang}`).catch(() => undefined);
}

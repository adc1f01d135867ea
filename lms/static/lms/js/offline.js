// Asks the browser to keep our offline page. Where that is not possible, nothing is missed but that page.
const address = document.querySelector("meta[name=offline-worker]")?.content;
if (address && "serviceWorker" in navigator) {
  const register = () => navigator.serviceWorker.register(`${address}?lang=${document.documentElement.lang}`).catch(() => undefined);
  // Once the page stands and the reader has it: what is asked for now goes before what may be needed some day.
  addEventListener("load", () => ("requestIdleCallback" in window ? requestIdleCallback(register, { timeout: 3000 }) : setTimeout(register, 1000)));
}

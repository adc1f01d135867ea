// Keeps one page for when there is no network: ours, in the reader's language, instead of the browser's. Nothing of anybody's is kept.
// Everything else goes to the server as if this file were not there.

const language = new URL(self.location.href).searchParams.get("lang") || "fr";
const page = new URL(`offline/?lang=${language}`, self.location.href).href;
const shelf = `passerelle-offline-${language}`;

const keep = async () => {
  const answer = await fetch(page, { credentials: "omit" });
  if (!answer.ok) return;
  const text = await answer.clone().text();
  const parts = [...text.matchAll(/href="([^"]+\.(?:css|woff2|svg)[^"]*)"/g)].map((found) => new URL(found[1], page).href);
  const box = await caches.open(shelf);
  await box.put(page, answer);
  await Promise.all(parts.map((part) => box.add(part).catch(() => undefined)));
};

self.addEventListener("install", (event) => {
  // It waits its turn: a worker that takes over while a page is on its way can leave that page hanging.
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("passerelle-offline-") && name !== shelf).map((name) => caches.delete(name)));
  };
  event.waitUntil(tidy());
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(async () => (await caches.match(page)) || Response.error()));
  } else if (["style", "font", "image"].includes(request.destination)) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request)) || Response.error()));
  }
});

// Keeps the page's own files, so that it works without a network. It stores nothing else and sends nothing.

const FILES = [/* the files of this build: address and integrity */];
const VERSION = 'build';
const NAME = `trutina-prescreening ${VERSION}`;

async function keep() {
  const cache = await caches.open(NAME);
  await Promise.all(FILES.map(([url, integrity]) => cache.add(new Request(url, { integrity, cache: 'no-cache' }))));
  await self.skipWaiting();
}

async function forget() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith('trutina-prescreening ') && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** From the cache first: names carry hashes, so what is there is right. The page itself is kept whatever its query says. */
async function answer(request) {
  const cache = await caches.open(NAME);
  return (await cache.match(request, { ignoreSearch: request.mode === 'navigate' })) ?? fetch(request);
}

self.addEventListener('install', (event) => event.waitUntil(keep()));
self.addEventListener('activate', (event) => event.waitUntil(forget()));
self.addEventListener('fetch', (event) => {
  const own = new URL(event.request.url).origin === self.location.origin;
  if (own && event.request.method === 'GET') event.respondWith(answer(event.request));
});

// Hears of everything by which a page or its workers can send something, and has a try of each of these ways.

/** Constructors of connections that Chromium shows as no request: they are exchanged for ones that tell. Runs in the page. */
function telling() {
  // A frame tells its page, for it may be gone when that is asked.
  const list = (globalThis.top ?? globalThis).connections ??= [];
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport']) {
    const Own = globalThis[name];
    if (!Own || Own.tells) continue;
    globalThis[name] = class extends Own {
      static tells = true;

      constructor(...words) {
        list.push(`${name} ${JSON.stringify(words[0])}`);
        super(...words);
      }
    };
  }
}

/**
 * All that leaves the pages of a context and their workers from now on: as the browser sees it, wherever it goes, and as
 * the server of the pages sees it (`requests`, a list that grows).
 * @returns a function that gives what was seen so far
 */
export async function watch(context, requests) {
  const seen = [];
  const first = requests.length;
  const hear = async (page) => {
    page.on('websocket', (socket) => seen.push(`WS ${socket.url()}`));
    page.on('worker', (worker) => worker.evaluate(telling).catch(() => seen.push(`${worker.url()} could not be watched`)));
    await Promise.all([...page.frames(), ...page.workers()].map((each) => each.evaluate(telling)));
  };
  context.on('request', (request) => seen.push(`${request.method()} ${request.url()}`));
  context.on('page', hear);
  await context.addInitScript(telling);
  await Promise.all(context.pages().map(hear));
  return async () => {
    const places = context.pages().flatMap((page) => [page, ...page.workers()]);
    // A page that is going elsewhere cannot be asked; the request for the next one was seen.
    const connections = await Promise.all(places.map((each) => each.evaluate(() => globalThis.connections ?? []).catch(() => [])));
    return [...seen, ...requests.slice(first), ...connections.flat()];
  };
}

/** Ways to send; each gets an address on the page's own server, to which the policy lets all of them go. */
export const ANYWHERE = {
  fetch: (address) => { fetch(address).catch(() => {}); },
  XMLHttpRequest: (address) => {
    const request = new XMLHttpRequest();
    request.open('POST', address);
    request.send('5000');
  },
  EventSource: (address) => { new EventSource(address); },
  WebSocket: (address) => { new WebSocket(address.replace('http', 'ws')); },
  WebTransport: (address) => {
    const transport = new WebTransport(address.replace('http', 'https'));
    for (const promise of [transport.ready, transport.closed]) promise.catch(() => {});
  },
  import: (address) => { import(address).catch(() => {}); },
};

/** Those that a worker does not have. */
export const IN_PAGES = {
  sendBeacon: (address) => { navigator.sendBeacon(address, '5000'); },
  image: (address) => { new Image().src = address; },
  prefetch: (address) => { document.head.append(Object.assign(document.createElement('link'), { rel: 'prefetch', href: address })); },
  WebRTC: (address) => {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:9', username: address, credential: '5000' }] });
    peer.createDataChannel('facts');
    peer.createOffer().then((offer) => peer.setLocalDescription(offer));
  },
  'WebRTC of a frame': (address) => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    new frame.contentWindow.RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:9', username: address, credential: '5000' }] });
    frame.remove();
  },
  'window.open': (address) => { window.open(address); },
  navigation: (address) => { location.href = address; },
};

// How far the pages' idea of Cuewire's time is off, on simulated networks: the pages' own
// Link runs on a simulated clock, with a socket whose messages take as long as they do on
// such a network. Prints JSON: for each network the 99th percentiles of the error, and what
// single pings would have known.

/** The time that passes everywhere, in ms. */
let time = 0;
/** @type {{at: number, n: number, fn: () => void}[]} */
let agenda = [];
let numbers = 0;
const later = (ms, fn) => {
  agenda.push({ at: time + ms, n: ++numbers, fn });
  return numbers;
};
const run = (until) => {
  for (;;) {
    let next = null;
    for (const entry of agenda) {
      if (entry.at <= until && (next === null || entry.at < next.at || (entry.at === next.at && entry.n < next.n))) next = entry;
    }
    if (next === null) break;
    agenda.splice(agenda.indexOf(next), 1);
    time = next.at;
    next.fn();
  }
  time = until;
};

let seed = 1;
const random = () => { // mulberry32
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

// A way's delay is lognormal: with this spread a single ping and the quickest of 8 and of
// 32 are off by what was measured for both networks, 13, 1.2 and 0.5 ms, and 56, 5.9 and 2.
const SPREAD = 1.1;
let median = 1;
const delay = () => median * Math.exp(SPREAD * normal());

const SERVER_AHEAD = 1_790_000_000_000.25; // Cuewire's time less the time that passes
const serverTime = () => Math.floor(time + SERVER_AHEAD);

let started = 0;
let drift = 0;
const deviceTime = () => Math.floor((time - started) * (1 + drift) * 10) / 10; // browsers tell tenths
Object.defineProperty(globalThis, 'performance', { value: { now: deviceTime, timeOrigin: 0 } });
Date.now = () => deviceTime();

class Socket {
  static OPEN = 1;
  readyState = 0;
  constructor() {
    later(delay() + delay(), () => {
      this.readyState = 1;
      this.onopen?.();
    });
  }
  send(text) {
    if (JSON.parse(text).type !== 'ping') return;
    later(delay(), () => {
      const answer = JSON.stringify({ type: 'pong', at: serverTime() });
      later(delay(), () => this.onmessage?.({ data: answer }));
    });
  }
  close() {}
}
const nothing = () => {};
Object.assign(globalThis, {
  WebSocket: Socket,
  location: { href: 'http://127.0.0.1/', hostname: '127.0.0.1' },
  document: { addEventListener: nothing, visibilityState: 'visible' },
  requestAnimationFrame: nothing,
  setTimeout: (fn, ms) => later(ms, fn),
  clearTimeout: (n) => (agenda = agenda.filter((entry) => entry.n !== n)),
});
globalThis.window = Object.assign(globalThis, { addEventListener: nothing });
window.parent = window;

const { Link } = await import('./link.js');
class Page extends Link {
  pingFrame() {
    return { type: 'ping' };
  }
  helloFrame() {
    return { type: 'hello' };
  }
  received(frame) {
    return frame.type === 'pong' ? frame.at : undefined;
  }
}

const p99 = (values) => values.sort((a, b) => a - b)[Math.floor(values.length * 0.99)];

const report = {};
for (const [name, way] of [['good Wi-Fi', 1.65], ['power-saving tablet', 7.1]]) {
  median = way;
  const single = [];
  for (let i = 0; i < 100_000; i++) single.push(Math.abs(delay() - delay()) / 2);
  const errors = [];
  const early = []; // in the first ten seconds
  let told = 0; // errors that were within what the clock itself says
  for (let page = 0; page < 200; page++) {
    agenda = [];
    started = time;
    drift = (random() - 0.5) * 60e-6; // of the device's clock against Cuewire's
    const link = new Page('/ws');
    await null; // it connects after it was made
    for (let second = 2; second <= 180; second++) {
      run(started + second * 1000 + random() * 999);
      const error = Math.abs(deviceTime() + link.clock.offset - (time + SERVER_AHEAD));
      errors.push(error);
      if (second < 12) early.push(error);
      if (error <= link.clock.error) told++;
    }
    link.close();
  }
  report[name] = { single: p99(single), error: p99(errors), early: p99(early), within: told / errors.length };
}
process.stdout.write(JSON.stringify(report));

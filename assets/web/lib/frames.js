const SAMPLE_EVERY = 30000;
const SAMPLE = 1000; // counting frames makes the browser draw: one second in thirty is enough
const FIRST_SAMPLE = 3000; // when the page has settled
const MINUTE = 60000;

/** @type {number | undefined} */
let fps;
/** @type {number[] | undefined} When the long frames of the last minute ended; undefined where the browser does not tell. */
let long;
let started = false;

/**
 * How smoothly this page runs, for Cuewire's hello: frames a second as counted
 * last, and frames longer than 50 ms in the last minute. What is not known yet, or
 * at all, is missing.
 * @returns {{fps?: number, longFrames?: number}}
 */
export function smoothness() {
  if (!started) begin();
  if (long !== undefined) {
    const since = performance.now() - MINUTE;
    long = long.filter((at) => at >= since);
  }
  return { ...(fps !== undefined && { fps }), ...(long !== undefined && { longFrames: long.length }) };
}

function begin() {
  started = true;
  if (typeof PerformanceObserver === 'function' && PerformanceObserver.supportedEntryTypes?.includes('longtask')) {
    long = [];
    new PerformanceObserver((list) => {
      for (const task of list.getEntries()) long?.push(task.startTime + task.duration);
      if (long !== undefined && long.length > 2000) long.splice(0, long.length - 2000);
    }).observe({ type: 'longtask' });
  }
  setTimeout(count, FIRST_SAMPLE);
}

/** Counts frames for a second, now and every half minute while the page can be seen. */
function count() {
  setTimeout(count, SAMPLE_EVERY);
  if (document.visibilityState !== 'visible') return;
  let frames = -1;
  let first = 0;
  /** @param {number} at */
  const frame = (at) => {
    if (frames < 0) first = at;
    frames++;
    if (at - first < SAMPLE) requestAnimationFrame(frame);
    else if (document.visibilityState === 'visible') fps = Math.round((frames * 1000) / (at - first));
  };
  requestAnimationFrame(frame);
}

// Every page of ours begins with this, within the page itself. Where one of our scripts
// or styles could not be fetched, because the network changed or Cuewire was away for a
// moment, the page would stay empty for good: it is loaded again once Cuewire answers.
(() => {
  let waiting = false;
  const later = () => setTimeout(again, 1000 + Math.random() * 1000); // a hall's screens do not all come at once
  async function again() {
    const answer = await fetch(location.href, { method: 'HEAD', cache: 'no-store' }).catch(() => null);
    if (answer) location.reload();
    else later();
  }
  addEventListener('error', ({ target }) => {
    const style = target instanceof HTMLLinkElement && target.rel === 'stylesheet';
    const address = target instanceof HTMLScriptElement ? target.src : style ? target.href : '';
    if (waiting || !address.startsWith(`${location.origin}/assets/`)) return;
    waiting = true;
    later();
  }, true);
})();

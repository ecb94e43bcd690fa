// What real widgets have in common: a connection to their service, and drawing.
// `on` is called with each event; frames are counted and told to the service.
const at = (id) => document.getElementById(id);
function widget(on) {
  const name = location.pathname.split('/').pop().replace('.html', '');
  const socket = new WebSocket(`ws://${location.host}/socket?page=${name}`);
  socket.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    if (event.collect) globalThis.gc?.();
    on(event);
  };
  let frames = 0;
  let last = 0;
  const count = (at) => {
    if (at !== last) frames++; // frames of one site are asked several times for one picture
    last = at;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  setInterval(() => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ frames }));
  }, 1000);
}
function card(parent, text, most) {
  const el = document.createElement('div');
  el.className = 'card in';
  el.textContent = text;
  parent.append(el);
  while (parent.children.length > most) parent.firstElementChild.remove();
}

// JavaScript - Connect and control
const ws = new WebSocket('wss://app.palcotimer.com/ws/ABC123?output=controller');
ws.onopen = () => {
console.log('Connected!');
// Request initial state
ws.send(JSON.stringify({ type: 'request_state' }));
};
ws.onmessage = (event) => {
const data = JSON.parse(event.data);
switch (data.type) {
case 'room':
console.log('Room state:', data);
break;
case 'playback_status':
console.log('Playback:', data.state, data.elapsed_ms);
break;
}
};
// Control
function play() {
ws.send(JSON.stringify({ type: 'control', action: 'play' }));
}
function pause() {
ws.send(JSON.stringify({ type: 'control', action: 'pause' }));
}

// The socket over which the brain says that something changed; what it is now, the screens ask.

const PING_MS = 25_000;
const SILENCE_MS = 10_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;
// With these the brain says that asking again is of no use.
const FINAL = new Set([4401, 4402, 4403]);

const listeners = new Set();
let current = null;

export const States = { OFF: "off", CONNECTING: "connecting", LIVE: "live", REFUSED: "refused" };

export function onEvent(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function emit(topic) {
  listeners.forEach((listener) => listener(topic));
}

// Watches one project until it is told to stop; `tell` hears of each state, and of the code that ended it.
export function watch(projectId, tell) {
  current?.stop();
  let socket = null;
  let wait = FIRST_WAIT_MS;
  let stopped = false;
  let timer = 0;
  let ping = 0;
  let silence = 0;

  function open() {
    tell(States.CONNECTING);
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/dashboard`);
    socket.onopen = () => socket.send(JSON.stringify({ type: "subscribe", project_id: projectId }));
    socket.onmessage = (message) => heard(JSON.parse(message.data));
    socket.onclose = (close) => closed(close.code);
  }

  function heard(message) {
    clearTimeout(silence);
    if (message.type === "ready") {
      wait = FIRST_WAIT_MS;
      tell(States.LIVE);
      clearInterval(ping);
      ping = setInterval(say, PING_MS);
      // What happened before anybody listened is not said again.
      emit("all");
    } else if (message.type === "event") {
      emit(message.topic);
    }
  }

  function say() {
    socket.send(JSON.stringify({ type: "ping" }));
    silence = setTimeout(() => socket.close(), SILENCE_MS);
  }

  function closed(code) {
    clearInterval(ping);
    clearTimeout(silence);
    if (stopped) return;
    if (FINAL.has(code)) {
      tell(States.REFUSED, code);
      return;
    }
    tell(States.CONNECTING, code);
    timer = setTimeout(open, wait * (0.5 + Math.random()));
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  }

  // One that is still being opened is closed once it is open: browsers complain otherwise.
  function hangUp() {
    if (socket?.readyState === WebSocket.CONNECTING) socket.onopen = (event) => event.target.close();
    else socket?.close();
  }

  function stop() {
    stopped = true;
    clearTimeout(timer);
    clearTimeout(silence);
    clearInterval(ping);
    hangUp();
    if (current === self) current = null;
  }

  const self = { stop };
  current = self;
  open();
  return stop;
}

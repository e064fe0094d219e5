// The socket over which the brain announces changes. The screens request the new data themselves.

import { DASHBOARD } from "./home.js";

const PING_MS = 25_000;
const SILENCE_MS = 10_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;
// Close codes after which the brain would reject every further attempt.
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

// Watches one project until the returned function is called. `onState` gets each state and the close code that led to
// it.
export function watch(projectId, onState) {
  current?.stop();
  let socket = null;
  let wait = FIRST_WAIT_MS;
  let stopped = false;
  let timer = 0;
  let ping = 0;
  let silence = 0;

  function open() {
    onState(States.CONNECTING);
    socket = new WebSocket(DASHBOARD);
    socket.onopen = () => socket.send(JSON.stringify({ type: "subscribe", project_id: projectId }));
    socket.onmessage = (message) => receive(JSON.parse(message.data));
    socket.onclose = (close) => closed(close.code);
  }

  function receive(message) {
    clearTimeout(silence);
    if (message.type === "ready") {
      wait = FIRST_WAIT_MS;
      onState(States.LIVE);
      clearInterval(ping);
      ping = setInterval(sendPing, PING_MS);
      // The brain does not repeat changes from before the subscription.
      emit("all");
    } else if (message.type === "event") {
      emit(message.topic);
    }
  }

  function sendPing() {
    socket.send(JSON.stringify({ type: "ping" }));
    silence = setTimeout(() => socket.close(), SILENCE_MS);
  }

  function closed(code) {
    clearInterval(ping);
    clearTimeout(silence);
    if (stopped) return;
    if (FINAL.has(code)) {
      onState(States.REFUSED, code);
      return;
    }
    onState(States.CONNECTING, code);
    timer = setTimeout(open, wait * (0.5 + Math.random()));
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  }

  // A socket that is still connecting is closed once it is open. Browsers log an error otherwise.
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

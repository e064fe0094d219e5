// A proxy that serves a brain below a path, as one host name for several services does.

import { createServer, request } from "node:http";
import { connect } from "node:net";

const PREFIX = "/tools/ganglion";

// Serves the brain at `to` below a path and returns the address of that path, and a function that ends the proxy.
export async function belowAPath(to) {
  const brain = new URL(to);
  const sockets = new Set();
  const stripped = (path) => (path.startsWith(PREFIX + "/") ? path.slice(PREFIX.length) : null);
  const server = createServer((incoming, outgoing) => {
    const path = stripped(incoming.url);
    if (path === null) return outgoing.writeHead(404).end();
    const inside = request({ host: brain.hostname, port: brain.port, method: incoming.method, path, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    inside.on("error", () => outgoing.destroy());
    return incoming.pipe(inside);
  });
  server.on("upgrade", (incoming, socket) => {
    const path = stripped(incoming.url);
    if (path === null) return socket.destroy();
    const inside = connect(brain.port, brain.hostname, () => {
      const headers = incoming.rawHeaders.map((each, i) => (i % 2 ? `${each}\r\n` : `${each}: `)).join("");
      inside.write(`GET ${path} HTTP/1.1\r\n${headers}\r\n`);
      inside.pipe(socket).pipe(inside);
    });
    for (const each of [inside, socket]) {
      sockets.add(each);
      each.on("error", () => {}).on("close", () => [inside, socket].forEach((end) => end.destroy()));
    }
    return inside;
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${server.address().port}${PREFIX}/`,
    close: () => {
      sockets.forEach((socket) => socket.destroy());
      server.closeAllConnections();
      server.close();
    },
  };
}

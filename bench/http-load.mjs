// The client of http-server.bench.ts, in its own process, so that its processor time does not count as the server's.
// One message from the parent starts one round: `requests` requests over keep-alive connections. A connection sends a request only
// after the answer to the previous one.
import { connect } from 'node:net';

const CONNECTIONS = 8;

/**
 * Resolves when this connection has received `count` answers.
 * @param {number} port
 * @param {string} request
 * @param {number} count
 * @returns {Promise<void>}
 */
function exchange(port, request, count) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let received = '';
    let left = count;
    socket.setNoDelay(true).setEncoding('latin1').on('error', reject);
    socket.on('connect', () => socket.write(request));
    socket.on('data', (text) => {
      received += text;
      const headEnd = received.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(received)?.[1]);
      if (received.length < headEnd + 4 + length) return;
      if (!received.startsWith('HTTP/1.1 200 ')) {
        reject(new Error(received));
        return;
      }
      received = '';
      if (--left > 0) socket.write(request);
      else socket.end(() => resolve());
    });
  });
}

process.on('message', async (/** @type {{ port: number, request: string, requests: number }} */ { port, request, requests }) => {
  await Promise.all(Array.from({ length: CONNECTIONS }, () => exchange(port, request, requests / CONNECTIONS)));
  process.send?.('done');
});

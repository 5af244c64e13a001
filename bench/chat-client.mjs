// The client of interactive.bench.ts, in its own process. The parent sends one message for each round and gets its times, in ms:
// {do: 'first-bytes', ports, stream, requests}: by port, the times to the first byte of the body; the ports take turns.
// {do: 'streams', port, streams, tokens, perSecond}: the time until all streams have ended, and the number of received events.
import { Agent, request as httpRequest } from 'node:http';

const agent = new Agent({ keepAlive: true });

/**
 * @param {number} port
 * @param {boolean} stream
 * @param {object} wanted
 * @returns {Promise<{ firstByteMs: number, events: number }>}
 */
function chat(port, stream, wanted) {
  const body = JSON.stringify({ model: 'talker', stream, messages: [{ role: 'user', content: JSON.stringify(wanted) }] });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const startMonotonicMs = performance.now();
    const sent = httpRequest({ host: '127.0.0.1', port, agent, method: 'POST', path: '/v1/chat/completions', headers }, (answer) => {
      let firstByteMs = NaN;
      let text = '';
      answer.setEncoding('latin1').on('data', (piece) => {
        if (text === '') firstByteMs = performance.now() - startMonotonicMs;
        text += piece;
      });
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve({ firstByteMs, events: text.split('\n\n').length - 1 });
        else reject(new Error(`${String(answer.statusCode)} ${text}`));
      });
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** @param {{ ports: number[], stream: boolean, requests: number }} round */
async function firstBytes({ ports, stream, requests }) {
  const times = ports.map(() => /** @type {number[]} */ ([]));
  for (let i = 0; i < requests; i++)
    for (const [index, port] of ports.entries()) times[index]?.push((await chat(port, stream, { tokens: 3, perSecond: 500 })).firstByteMs);
  return times;
}

/** @param {{ port: number, streams: number, tokens: number, perSecond: number }} round */
async function streams({ port, streams: count, ...wanted }) {
  const startMonotonicMs = performance.now();
  const ended = await Promise.all(Array.from({ length: count }, () => chat(port, true, wanted)));
  return { ms: performance.now() - startMonotonicMs, events: ended.reduce((sum, { events }) => sum + events, 0) };
}

process.on('message', async (/** @type {any} */ round) => {
  process.send?.(round.do === 'streams' ? await streams(round) : await firstBytes(round));
});

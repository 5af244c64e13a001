// The model server of interactive.bench.ts: OpenAI's chat path for one model. The user's message is JSON and sets the answer:
// {"tokens": 300, "perSecond": 60}. Without `perSecond` all tokens are sent at once. Prints its port.
import { createServer } from 'node:http';

const MODEL = 'talker';
const id = 'chatcmpl-1';

/**
 * @param {import('node:http').ServerResponse} response
 * @param {object} body
 */
function answer(response, body) {
  const text = JSON.stringify(body);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

/**
 * The time of each token is set when the stream begins, so a late token does not delay the next ones.
 * @param {import('node:http').ServerResponse} response
 * @param {{ tokens: number, perSecond?: number }} wanted
 */
function stream(response, { tokens, perSecond = Infinity }) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const startMonotonicMs = performance.now();
  let sent = 0;
  const send = () => {
    const due = Math.min(tokens, perSecond === Infinity ? tokens : 1 + ((performance.now() - startMonotonicMs) / 1000) * perSecond);
    while (sent < Math.floor(due)) {
      const choice = { index: 0, delta: { content: ` token ${String(sent++)}` }, logprobs: null, finish_reason: null };
      const chunk = { id, object: 'chat.completion.chunk', created: 1_700_000_000, model: MODEL, choices: [choice] };
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    }
    if (sent === tokens) response.end('data: [DONE]\n\n');
    else setTimeout(send, Math.max(0, startMonotonicMs + (sent / perSecond) * 1000 - performance.now()));
  };
  send();
}

const server = createServer((request, response) => {
  if (request.url !== '/v1/chat/completions') {
    answer(response, { object: 'list', data: [{ id: MODEL, object: 'model' }] });
    return;
  }
  let text = '';
  request.setEncoding('utf8').on('data', (piece) => {
    text += piece;
  });
  request.on('end', () => {
    const { stream: isStreamed, messages } = JSON.parse(text);
    const wanted = JSON.parse(messages[0].content);
    if (isStreamed === true) stream(response, wanted);
    else answer(response, { id, choices: [{ index: 0, message: { role: 'assistant', content: 'a token' }, finish_reason: 'stop' }] });
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify(server.address())}\n`);
});

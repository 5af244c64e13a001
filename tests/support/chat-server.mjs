// A small OpenAI-compatible server as a program: node chat-server.mjs PORT MODEL ANSWER. It streams each piece of the answer, split at
// spaces, as one event.
import { createServer } from 'node:http';

const [, , port = '', model = '', answer = ''] = process.argv;

createServer((request, response) => {
  if (request.url === '/v1/models') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ object: 'list', data: [{ id: model, object: 'model', owned_by: 'test' }] }));
  } else if (request.url === '/v1/chat/completions') {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const head = { id: 'chatcmpl-1', created: 0, model, object: 'chat.completion.chunk' };
    /** @param {object} delta @param {string | null} finish */
    const chunk = (delta, finish) =>
      response.write(`data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`);
    for (const piece of answer.split(' ')) chunk({ content: `${piece} ` }, null);
    chunk({}, 'stop');
    response.end('data: [DONE]\n\n');
  } else response.writeHead(404).end();
}).listen(Number(port), '127.0.0.1', () => process.stdout.write('listening\n'));

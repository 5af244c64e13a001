// A small OpenAI-compatible server with llama.cpp, as a program: node llama-server.mjs MODULE MODEL. It listens before
// the model is loaded, prints its port, and answers 503 until it is ready. One request at a time, on one thread.
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const [, , modulePath = '', modelPath = ''] = process.argv;
const MODEL = 'tiny-random';

/** @type {{ model: any, sequence: any } | null} */
let loaded = null;

const server = createServer((request, response) => {
  /** @param {number} status @param {unknown} body */
  const answer = (status, body) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  if (loaded === null) answer(503, { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } });
  else if (request.url === '/health') answer(200, { status: 'ok' });
  else if (request.url === '/v1/models') answer(200, { object: 'list', data: [{ id: MODEL, object: 'model', owned_by: 'test' }] });
  else if (request.method === 'POST' && request.url === '/v1/chat/completions') void complete(request, response);
  else answer(404, { error: { code: 404, message: 'not found', type: 'not_found_error' } });
});

/** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
async function complete(request, response) {
  if (loaded === null) return;
  const { model, sequence } = loaded;
  const body = JSON.parse(Buffer.concat(await request.toArray()).toString('utf8'));
  const head = { id: 'chatcmpl-1', created: 0, model: MODEL };
  if (body.stream) response.writeHead(200, { 'content-type': 'text/event-stream' });
  /** @param {object} delta @param {string | null} finish */
  const chunk = (delta, finish) =>
    response.write(
      `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`,
    );
  let content = '';
  let count = 0;
  await sequence.clearHistory();
  const prompt = model.tokenize(body.messages.map((/** @type {any} */ message) => message.content).join('\n'));
  // Random weights end at random: the request sets the length.
  for await (const token of sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
    if (response.destroyed || count >= (body.max_tokens ?? 16)) break;
    count += 1;
    const piece = model.detokenize([token], true);
    content += piece;
    if (body.stream) chunk({ content: piece }, null);
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (body.stream) {
    chunk({}, 'length');
    response.end('data: [DONE]\n\n');
    return;
  }
  const usage = { prompt_tokens: prompt.length, completion_tokens: count, total_tokens: prompt.length + count };
  const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'length' }];
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ ...head, object: 'chat.completion', choices, usage }));
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});
process.stdin.on('end', () => process.exit(0)).resume();

const { getLlama } = await import(pathToFileURL(modulePath).href);
const llama = await getLlama({ gpu: false, build: 'never', progressLogs: false, logLevel: 'error' });
const model = await llama.loadModel({ modelPath, gpuLayers: 0 });
const context = await model.createContext({ contextSize: 512, threads: 1 });
loaded = { model, sequence: context.getSequence() };

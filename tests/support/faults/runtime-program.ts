// A runtime as a program: OpenAI's paths for one model, and a journal of every run. The prompt sets the behaviour of the runtime:
// `name|say`, `name|wait 300`, `name|chunks 40`, `name|fail`, `name|refuse`, `name|wait 300 big 100000`. Arguments: port, model, file of the journal.
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

const [, , port = '0', model = 'talker', journal = ''] = process.argv;
const CHUNKS = 3;
const GAP_MS = 15;

interface ChatBody {
  readonly stream?: boolean;
  readonly messages: readonly { readonly content: string }[];
}

const note = (event: string, name: string, run: string): void => {
  appendFileSync(journal, `${JSON.stringify({ event, name, run })}\n`);
};
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function chat(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  const body = JSON.parse(Buffer.concat(pieces).toString()) as ChatBody;
  const [name = '', behaviour = ''] = body.messages[0]?.content.split('|') ?? [];
  const run = randomUUID();
  note('begin', name, run);
  response.on('close', () => {
    note(response.writableFinished ? 'end' : 'cut', name, run);
  });
  if (behaviour === 'fail') answer(response, 500, { error: { message: 'it broke' } });
  else if (behaviour === 'refuse') answer(response, 400, { error: { message: 'no such thing' } });
  else if (body.stream === true) await stream(response, run, behaviour);
  else {
    await pause(waitOf(behaviour));
    answer(response, 200, {
      id: run,
      choices: [{ index: 0, message: { role: 'assistant', content: name.padEnd(sizeOf(behaviour), '.') }, finish_reason: 'stop' }],
    });
  }
}

async function stream(response: ServerResponse, run: string, behaviour: string): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (let i = 0; i < chunksOf(behaviour); i++) {
    response.write(`data: ${JSON.stringify({ id: run, choices: [{ index: 0, delta: { content: String(i) } }] })}\n\n`);
    await pause(GAP_MS);
  }
  await pause(waitOf(behaviour));
  response.end('data: [DONE]\n\n');
}

const waitOf = (behaviour: string): number => Number(/^wait (\d+)/.exec(behaviour)?.[1] ?? GAP_MS);

/** Of a stream. */
const chunksOf = (behaviour: string): number => Number(/^chunks (\d+)/.exec(behaviour)?.[1] ?? CHUNKS);

const sizeOf = (behaviour: string): number => Number(/ big (\d+)$/.exec(behaviour)?.[1] ?? 0);

const server = createServer((request, response) => {
  if (request.url === '/v1/models') answer(response, 200, { object: 'list', data: [{ id: model, object: 'model' }] });
  else if (request.url === '/v1/chat/completions') void chat(request, response);
  else answer(response, 404, { error: { message: 'not found' } });
});
server.listen(Number(port), '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify(server.address())}\n`);
});

// Bodies of `server.max_body_bytes` and more, with and without content-length, on every kind of path that takes a body.
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { submission } from '../support/job-pool';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';
import { within } from '../support/within';

const MAX_BODY_BYTES = 2000;
const BOUNDARY = 'boundary-of-the-form';

let scheduler: TestScheduler;
beforeEach(async () => {
  scheduler = await startTestScheduler({ server: { maxBodyBytes: MAX_BODY_BYTES } });
});
afterEach(async () => {
  await scheduler.stop();
});

interface Endpoint {
  readonly path: string;
  readonly contentType: string;
  /** A whole body with this text inside. */
  readonly around: (text: string) => string;
  /** The status when the body is accepted. The body names a model that no node has. */
  readonly taken: number;
  readonly refusal: object;
}

const json = 'application/json';
const limits = { limit_bytes: MAX_BODY_BYTES };
const openAiRefusal = { error: { code: 'payload_too_large', muster: limits } };
const part = (name: string, content: string): string =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${name === 'file' ? '; filename="a.wav"' : ''}\r\n\r\n${content}\r\n`;

const ENDPOINTS: readonly Endpoint[] = [
  {
    path: '/api/v1/jobs',
    contentType: json,
    around: (text) => JSON.stringify(submission({ task: { kind: 'command', model_id: 'none', input: text } })),
    taken: 202,
    refusal: { error: { code: 'PAYLOAD_TOO_LARGE', details: limits } },
  },
  {
    path: '/v1/chat/completions',
    contentType: json,
    around: (text) => JSON.stringify({ model: 'none', messages: [{ role: 'user', content: text }] }),
    taken: 404,
    refusal: openAiRefusal,
  },
  {
    path: '/v1/audio/transcriptions',
    contentType: `multipart/form-data; boundary=${BOUNDARY}`,
    around: (text) => `${part('model', 'none')}${part('file', text)}--${BOUNDARY}--\r\n`,
    taken: 404,
    refusal: openAiRefusal,
  },
];

/** A body of exactly this many bytes. */
const bodyOf = ({ around }: Endpoint, bytes: number): string => around('x'.repeat(bytes - around('').length));

interface Sent {
  readonly status: number;
  readonly json: unknown;
}

/** Without `announced` the body is sent in chunks. Without `ends` the last chunk never comes, and the client waits for the answer. */
function post({ path, contentType }: Endpoint, body: string, { announced = false, ends = true } = {}): Promise<Sent> {
  const answer = new Promise<Sent>((resolve, reject) => {
    const length: Record<string, string> = announced ? { 'content-length': String(body.length) } : {};
    const target = { host: '127.0.0.1', port: scheduler.port, method: 'POST', path, agent: false };
    const sent = request({ ...target, headers: { 'content-type': contentType, ...length } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      response.on('end', () => {
        sent.destroy();
        resolve({ status: response.statusCode ?? 0, json: JSON.parse(text) });
      });
    });
    sent.on('error', reject);
    for (let at = 0; at < body.length; at += 500) sent.write(body.slice(at, at + 500));
    if (ends) sent.end();
  });
  return within(`the answer to POST ${path}`, answer);
}

describe.each(ENDPOINTS.map((endpoint) => [endpoint.path, endpoint] as const))('%s', (_path, endpoint) => {
  test.each([
    ['with content-length', true],
    ['in chunks', false],
  ])('max_body_bytes %s -> accepted; one byte more -> refused', async (_how, announced) => {
    expect((await post(endpoint, bodyOf(endpoint, MAX_BODY_BYTES), { announced })).status).toBe(endpoint.taken);
    const refused = await post(endpoint, bodyOf(endpoint, MAX_BODY_BYTES + 1), { announced });
    expect([refused.status, refused.json]).toMatchObject([413, endpoint.refusal]);
  });

  test('chunks go on past the limit -> refused at once', async () => {
    const refused = await post(endpoint, bodyOf(endpoint, MAX_BODY_BYTES + 1), { ends: false });
    expect([refused.status, refused.json]).toMatchObject([413, endpoint.refusal]);
  });
});

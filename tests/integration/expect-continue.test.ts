// Clients that wait for `100 Continue` before they send a body, as curl does with larger bodies.
import { request } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CHAT, MAX_BODY_BYTES, OpenAiBench } from '../support/openai-bench';
import { within } from '../support/within';

const OVER_EVERY_LIMIT = 10 * MAX_BODY_BYTES;
let bench: OpenAiBench;
beforeEach(async () => {
  bench = await OpenAiBench.open();
});
afterEach(async () => {
  await bench.close();
});

interface Answered {
  readonly status: number;
  readonly gotContinue: boolean;
}

/** Sends the body only after `100 Continue`. */
function asking(body: string, headers: Readonly<Record<string, string>>): Promise<Answered> {
  const answer = new Promise<Answered>((resolve, reject) => {
    let gotContinue = false;
    const type = { 'content-type': 'application/json', expect: '100-continue' };
    const place = { host: '127.0.0.1', port: bench.port, method: 'POST', path: '/v1/chat/completions', agent: false };
    const sent = request({ ...place, headers: { ...type, 'content-length': String(body.length), ...headers } }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, gotContinue });
      sent.destroy();
    });
    sent.on('error', reject);
    sent.on('continue', () => {
      gotContinue = true;
      sent.end(body);
    });
    sent.flushHeaders();
  });
  return within('the answer to a request with Expect: 100-continue', answer);
}

it('Expect 100-continue: valid request -> 100, then the answer', async () => {
  expect(await asking(JSON.stringify({ ...CHAT, model: 'none' }), {})).toEqual({ status: 404, gotContinue: true });
});

it.each([
  ['body too large', { 'content-length': String(OVER_EVERY_LIMIT) }, 413],
  ['unknown Host', { host: 'rebound.example' }, 403],
])('Expect 100-continue: %s -> refused before the body is sent', async (_what, headers, status) => {
  expect(await asking('{}', headers)).toEqual({ status, gotContinue: false });
});

// Senders that ask before they send (`Expect: 100-continue`), as curl does with larger bodies.
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
  readonly wasToldToSend: boolean;
}

/** Sends the body only when it is told to. */
function asking(body: string, headers: Readonly<Record<string, string>>): Promise<Answered> {
  const answer = new Promise<Answered>((resolve, reject) => {
    let wasToldToSend = false;
    const type = { 'content-type': 'application/json', expect: '100-continue' };
    const place = { host: '127.0.0.1', port: bench.port, method: 'POST', path: '/v1/chat/completions', agent: false };
    const sent = request({ ...place, headers: { ...type, 'content-length': String(body.length), ...headers } }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, wasToldToSend });
      sent.destroy();
    });
    sent.on('error', reject);
    sent.on('continue', () => {
      wasToldToSend = true;
      sent.end(body);
    });
    sent.flushHeaders();
  });
  return within('the answer to a request with Expect: 100-continue', answer);
}

it('are told to go on, and answered', async () => {
  expect(await asking(JSON.stringify({ ...CHAT, model: 'none' }), {})).toEqual({ status: 404, wasToldToSend: true });
});

it.each([
  ['what is too large', { 'content-length': String(OVER_EVERY_LIMIT) }, 413],
  ['a name that is not the server’s', { host: 'rebound.example' }, 403],
])('are refused before they send anything: %s', async (_what, headers, status) => {
  expect(await asking('{}', headers)).toEqual({ status, wasToldToSend: false });
});

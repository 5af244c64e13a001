// The one table of statuses and content types: what the agent sends, the scheduler accepts, and nothing else reaches a client.
import { describe, expect, it } from 'vitest';
import { answerOutcome } from '../../../../src/main/runtimes/core/openai/answer';
import { answerFault } from '../../../../src/main/scheduler/jobs/machine/answer-check';
import { NO_CHUNKS } from '../../../../src/main/scheduler/jobs/machine/stream-check';
import { answerKindOf, clientContentType } from '../../../../src/shared/protocol/runtime-answers';
import { aJob } from '../../scheduler/jobs/job-records';

const chat = (interactive: boolean) =>
  aJob({ task: { kind: 'openai', path: '/v1/chat/completions', model: 'm', payloadBytes: 1 }, interactive });
const body = { choices: [{ message: { content: 'hi' } }] };

describe('statuses', () => {
  it.each([...Array.from({ length: 600 }, (_, status) => status), -1, 600, 999, 1000, 200.5])(
    'status %d: the scheduler accepts it if, and only if, an honest agent sends it',
    (status) => {
      const sent = answerOutcome(status, 'application/json', { kind: 'json', value: body }, 1000);
      for (const interactive of [true, false]) {
        // A status that is no integer is no output of this path: a stored job may have any other form.
        if (!Number.isInteger(status) && !interactive) continue;
        const accepted = answerFault(chat(interactive), { status, body }, NO_CHUNKS) === null;
        expect([interactive, accepted]).toEqual([interactive, sent.success]);
      }
    },
  );

  it.each([100, 101, 204, 205, 206, 301, 302, 304, 307, 401, 403, 404, 407, 429, 500, 502])('status %d -> fault', (status) => {
    expect(answerKindOf(status)).toBe('fault');
  });
});

describe('content types', () => {
  it.each(['audio/wav', 'audio/L16; rate=24000', 'image/png', 'video/mp4', 'text/plain; charset=utf-8', 'text/vtt'])(
    '%s -> passed',
    (type) => {
      expect(clientContentType(type)).toBe(type);
    },
  );

  it.each([
    '',
    'text/html',
    'Text/HTML; charset=utf-8',
    'text/javascript',
    'text/xml',
    'text/css',
    'image/svg+xml',
    'application/xhtml+xml',
    'application/json',
    'audio/wav\r\nset-cookie: a=b',
    'audio/😀',
    `audio/${'x'.repeat(200)}`,
  ])('%j -> octet-stream', (type) => {
    expect(clientContentType(type)).toBe('application/octet-stream');
    const sent = answerOutcome(200, type, { kind: 'bytes', base64: () => 'AAAA', text: () => '' }, 1000);
    expect(sent).toMatchObject({ success: true, output: { content_type: 'application/octet-stream' } });
  });
});

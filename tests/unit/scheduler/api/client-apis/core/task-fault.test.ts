// Translated tasks that a node refuses are refused before they are stored.
import { expect, test } from 'vitest';
import { isLarge, taskFault } from '../../../../../../src/main/scheduler/api/client-apis/core/task-fault';
import { decodeSchedulerMessage } from '../../../../../../src/shared/protocol/decode';

const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
const assigned = (body: object) =>
  decodeSchedulerMessage(
    JSON.stringify({
      type: 'job_assign',
      job_id: 'job-1',
      attempt: 1,
      task: { kind: 'openai', path: '/v1/chat/completions', body },
      required_models: ['m'],
      timeout_seconds: 60,
      trace_id: 't',
    }),
  );
const names = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${String(at)}`, {}]));

test.each<readonly [string, object, string | null]>([
  ['the least', { model: 'm', messages: [] }, null],
  ['as deep as a node reads', { model: 'm', tools: nested(69) }, null],
  ['deeper', { model: 'm', messages: [], tools: nested(70) }, 'tools'],
  ['too many names', { model: 'm', tools: names(200_000), messages: [] }, 'tools'],
])('%s -> as the node decides, with the field', (_, body, field) => {
  expect(taskFault(body)?.field ?? null).toBe(field);
  expect(assigned(body).ok).toBe(field === null);
});

test.each<readonly [string, object, boolean]>([
  ['a short question', { model: 'm', stop: null, messages: [{ role: 'user', content: 'hello' }] }, false],
  ['300,000 characters', { messages: [{ content: 'x'.repeat(300_000) }] }, true],
  ['20,000 messages', { messages: Array.from({ length: 20_000 }, () => ({})) }, true],
  ['20,000 numbers', Array.from({ length: 200 }, () => Array.from({ length: 100 }, () => 1)), true],
])('%s -> in turns, if it is large', (_, body, expected) => {
  expect(isLarge(body)).toBe(expected);
});

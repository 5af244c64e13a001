// Translated tasks that a node refuses are refused before they are stored.
import { expect, test } from 'vitest';
import { translatedTaskText } from '../../../../../src/main/scheduler/api/client-apis/translated-task';
import { decodeSchedulerMessage, structureFault } from '../../../../../src/shared/protocol/decode';
import type { OpenAiTask } from '../../../../../src/shared/protocol/tasks';
import { fail } from '../../../../../src/shared/result';
import { cpuMsOf, withTurns } from '../../../../support/turns';

const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
const taskOf = (body: OpenAiTask['body']): OpenAiTask => ({ kind: 'openai', path: '/v1/chat/completions', body });
const assigned = (task: OpenAiTask) =>
  decodeSchedulerMessage(
    JSON.stringify({
      type: 'job_assign',
      job_id: 'job-1',
      attempt: 1,
      task,
      required_models: ['m'],
      timeout_seconds: 60,
      trace_id: 't',
    }),
  );
const names = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${String(at)}`, {}]));

test.each<readonly [string, OpenAiTask['body'], string | null]>([
  ['the least', { model: 'm', messages: [] }, null],
  ['as deep as a node reads', { model: 'm', tools: nested(69) }, null],
  ['deeper', { model: 'm', messages: [], tools: nested(70) }, 'tools'],
  ['too many names', { model: 'm', tools: names(200_000), messages: [] }, 'tools'],
  ['too many names in two fields', { model: 'm', tools: names(100_000), messages: names(100_001) }, 'messages'],
])('%s -> as the node decides: the JSON of the task, or the field', async (_, body, field) => {
  const task = taskOf(body);
  const text = await translatedTaskText(task);
  expect(text.ok ? text.value === JSON.stringify(task) : text.error.field).toBe(field ?? true);
  expect(assigned(task).ok).toBe(field === null);
});

test('deeper than a node reads -> the levels of the body', async () => {
  expect(await translatedTaskText(taskOf({ model: 'm', tools: nested(70) }))).toEqual(
    fail({ field: 'tools', reason: 'nested deeper than 70 levels as translated for the node' }),
  );
});

test('11 MB that are too deep -> refused, no turn is much longer than one check of the text', async () => {
  const task = taskOf({ model: 'm', messages: [{ role: 'user', content: 'x"'.repeat(3_800_000) }], tools: nested(70) });
  const text = JSON.stringify(task);
  // Beside each other, since a loaded machine is slower in both. The least of three: garbage collection may fall into any of them.
  let leastRatio = Infinity;
  for (let run = 0; run < 3; run++) {
    const checkMs = cpuMsOf(() => structureFault(text, { maxDepth: 100, maxCost: 1_000_000 }));
    const { value, longestMs } = await withTurns(() => translatedTaskText(task));
    expect(value.ok).toBe(false);
    leastRatio = Math.min(leastRatio, longestMs / checkMs);
  }
  expect(leastRatio).toBeLessThan(1.9);
});

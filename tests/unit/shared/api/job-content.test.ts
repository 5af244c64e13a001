// What is shown of a stream that was kept with its result.
import { expect, it } from 'vitest';
import { chunkWords, contentOf } from '../../../../src/shared/api/job-content';

const delta = (content: string) => ({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
const kept = (...events: readonly unknown[]) => contentOf({ status: 200, body: null, chunks: events.length, events });

it.each([
  ['a chat', [{ choices: [{ delta: { role: 'assistant' } }] }, delta('The pool'), delta(' is ready.')], 'The pool is ready.'],
  ['a completion', [{ choices: [{ text: 'The pool' }] }, { choices: [{ text: ' is ready.' }] }], 'The pool is ready.'],
  [
    'a transcription',
    [
      { type: 'transcript.text.delta', delta: 'The pool' },
      { type: 'transcript.text.delta', delta: ' is ready.' },
      { type: 'transcript.text.done', text: 'The pool is ready.' },
    ],
    'The pool is ready.',
  ],
  ['a transcription that is told at its end', [{ type: 'transcript.text.done', text: 'The pool is ready.' }], 'The pool is ready.'],
])('%s is its words', (_what, events, text) => {
  expect(kept(...events)).toEqual({ kind: 'text', text });
});

it('a stream without words is its events', () => {
  const call = { choices: [{ delta: { tool_calls: [{ index: 0 }] } }] };
  expect(kept(call)).toEqual({ kind: 'text', text: JSON.stringify([call], null, 2) });
});

it.each([[null], ['words'], [{}], [{ choices: [] }], [{ choices: [{ delta: {} }] }]])('%j is a chunk without words', (data) => {
  expect(chunkWords(data)).toBe('');
});

// The text of a stream that is stored in a result.
import { expect, it } from 'vitest';
import { chunkText, contentOf } from '../../../../src/shared/api/job-content';

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
  ['a transcription that is sent once at the end', [{ type: 'transcript.text.done', text: 'The pool is ready.' }], 'The pool is ready.'],
])('stored stream: %s -> its text', (_title, events, text) => {
  expect(kept(...events)).toEqual({ kind: 'text', text });
});

it('stored stream: no text -> the events as JSON', () => {
  const call = { choices: [{ delta: { tool_calls: [{ index: 0 }] } }] };
  expect(kept(call)).toEqual({ kind: 'text', text: JSON.stringify([call], null, 2) });
});

it.each([[null], ['words'], [{}], [{ choices: [] }], [{ choices: [{ delta: {} }] }]])('chunk: %j -> no text', (data) => {
  expect(chunkText(data)).toBe('');
});

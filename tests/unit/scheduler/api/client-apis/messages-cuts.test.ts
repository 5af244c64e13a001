// Random cuts of a stream: the client sees the same message, and each event in a valid place.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toMessage } from '../../../../../src/main/scheduler/api/client-apis/core/messages/answer';
import { startMessage } from '../../../../../src/main/scheduler/api/client-apis/core/messages/stream';
import { type Cut, cutAnswers, translatedCut } from '../../../../support/chat-cuts';

const FACTS = { id: 'abc', requestId: 'req_1', model: 'm', atWallMs: 0 };

interface Event {
  readonly type: string;
  readonly index: number;
  readonly content_block: Readonly<Record<string, unknown>> & { readonly type: string };
  readonly delta: { readonly type: string; readonly text: string; readonly thinking: string; readonly partial_json: string };
}

const eventsOf = (cut: Cut): readonly Event[] => translatedCut(startMessage(FACTS), cut) as Event[];

/** Reads the events as a strict client does: blocks are numbered, one is open at a time, and each delta fits its block. */
function contentOf(events: readonly Event[]): readonly object[] {
  const blocks: { type: string; written: string; start: Event['content_block'] }[] = [];
  let open: number | null = null;
  for (const { type, index, content_block: block, delta } of events) {
    if (type === 'content_block_start') {
      expect([open, index]).toEqual([null, blocks.length]);
      open = index;
      blocks.push({ type: block.type, written: '', start: block });
    } else if (type === 'content_block_delta') {
      const current = blocks[index];
      if (open !== index || current === undefined) throw new Error('a delta outside of its block');
      const fits = { text: 'text_delta', thinking: 'thinking_delta', tool_use: 'input_json_delta' }[current.type];
      expect(delta.type).toBe(fits);
      current.written += delta.type === 'text_delta' ? delta.text : delta.type === 'thinking_delta' ? delta.thinking : delta.partial_json;
    } else if (type === 'content_block_stop') {
      expect(index).toBe(open);
      open = null;
    }
  }
  expect(open).toBeNull();
  return blocks.map(({ type, written, start }) => {
    if (type === 'tool_use') return { ...start, input: JSON.parse(written) as unknown };
    return type === 'text' ? { ...start, text: written } : { ...start, thinking: written };
  });
}

it('cuts at random -> the content of the whole answer, events in order', () => {
  fc.assert(
    fc.property(cutAnswers, (cut) => {
      const { thoughts, text, calls } = cut.said;
      const message = {
        content: text,
        reasoning_content: thoughts,
        tool_calls: calls.map(({ id, name, input }) => ({ id, function: { name, arguments: JSON.stringify(input) } })),
      };
      const events = eventsOf(cut);
      const whole = toMessage({ choices: [{ message, finish_reason: calls.length > 0 ? 'tool_calls' : 'stop' }] }, FACTS);
      expect(contentOf(events)).toEqual((whole as { readonly content: readonly object[] }).content);
      expect(events.map(({ type }) => type).slice(0, 2)).toEqual(['message_start', 'ping']);
      expect(events.map(({ type }) => type).slice(-2)).toEqual(['message_delta', 'message_stop']);
    }),
  );
});

// Random answers, cut at random, with parallel calls that take turns: the response is that of the whole answer, and a strict client can read
// each event.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { responsesBodySchema } from '../../../../../../../src/main/scheduler/api/client-apis/core/responses/request';
import { responseIn, translateResponses } from '../../../../../../../src/main/scheduler/api/client-apis/core/responses/translate';
import { type Cut, cutAnswers, translatedCut } from '../../../../../../support/chat-cuts';
import { FACTS } from './recordings';

interface Event {
  readonly type: string;
  readonly sequence_number: number;
  readonly output_index: number;
  readonly item: object;
  readonly delta: string;
  readonly text: string;
  readonly arguments: string;
}

const body = responsesBodySchema.parse({ model: 'm', input: 'hello' });
const translated = translateResponses(body, []);
if (!translated.ok) throw new Error(translated.error.reason);
const { stream, answer } = translated.value;

const eventsOf = (cut: Cut): readonly Event[] => translatedCut(stream(FACTS), cut) as Event[];

/** The items, as a client keeps them: begun in order, filled while they are open, and done once. */
function itemsOf(events: readonly Event[]): readonly object[] {
  const texts = new Map<number, string>();
  const items: object[] = [];
  for (const { type, output_index: index, item, delta, ...event } of events) {
    if (type === 'response.output_item.added') {
      expect(index).toBe(texts.size);
      texts.set(index, '');
    } else if (type.endsWith('.delta')) {
      expect([texts.has(index), items[index]]).toEqual([true, undefined]);
      texts.set(index, (texts.get(index) ?? '') + delta);
    } else if (type === 'response.output_text.done' || type === 'response.reasoning_text.done') {
      expect(event.text).toBe(texts.get(index));
    } else if (type === 'response.function_call_arguments.done') {
      expect(event.arguments).toBe(texts.get(index));
    } else if (type === 'response.output_item.done') {
      expect(items[index]).toBeUndefined();
      items[index] = item;
    }
  }
  return items;
}

it('cuts at random -> the response of the whole answer, events in order', () => {
  fc.assert(
    fc.property(cutAnswers, (cut) => {
      const { thoughts, text, calls } = cut.said;
      const message = {
        content: text,
        reasoning_content: thoughts,
        tool_calls: calls.map(({ id, name, input }) => ({ id, function: { name, arguments: JSON.stringify(input) } })),
      };
      const usage = { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 };
      const whole = answer({ choices: [{ message, finish_reason: 'stop' }], usage }, FACTS);
      const events = eventsOf(cut);
      expect(events.map(({ sequence_number: sequence }) => sequence)).toEqual(events.map((_, index) => index));
      const response = responseIn(events.at(-1));
      expect(response).toEqual(whole);
      expect(itemsOf(events)).toEqual(response?.['output']);
    }),
  );
});

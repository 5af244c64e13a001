// The output of a node as content for display: the text of a model, other JSON as text, binary content with its type.
import { z } from 'zod';
import { MAX_EVENTS } from '../protocol/tasks';

export type JobContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'binary'; readonly content_type: string; readonly base64: string }
  /** The client has the answer, and it was not stored. Its output is `{status: 200, body: null}`. */
  | { readonly kind: 'not_stored' }
  | { readonly kind: 'none' };

const bytesSchema = z.object({ content_type: z.string(), base64: z.string() });
const textSchema = z.object({ content_type: z.string(), text: z.string() });
const answerSchema = z.object({ status: z.number(), body: z.unknown(), events: z.array(z.unknown()).max(MAX_EVENTS).optional() });
/** Exactly one choice. Several choices are shown as JSON. */
const chatSchema = z.object({ choices: z.tuple([z.object({ message: z.object({ content: z.string() }) })]) });
const completionSchema = z.object({ choices: z.tuple([z.object({ text: z.string() })]) });
const transcriptionSchema = z.object({ text: z.string() });
const deltaSchema = z.object({
  choices: z.tuple([z.union([z.object({ delta: z.object({ content: z.string() }) }), z.object({ text: z.string() })])], z.unknown()),
});
const transcriptDoneSchema = z.object({ type: z.literal('transcript.text.done'), text: z.string() });
const transcriptDeltaSchema = z.object({ type: z.literal('transcript.text.delta'), delta: z.string() });

export function contentOf(output: unknown): JobContent {
  if (output === null || output === undefined) return { kind: 'none' };
  const bytes = bytesSchema.safeParse(output);
  if (bytes.success) return { kind: 'binary', content_type: bytes.data.content_type.slice(0, 256), base64: bytes.data.base64 };
  const text = textSchema.safeParse(output);
  if (text.success) return { kind: 'text', text: text.data.text };
  const answer = answerSchema.safeParse(output);
  if (!answer.success) return { kind: 'text', text: JSON.stringify(output, null, 2) };
  const { body, events } = answer.data;
  if (events !== undefined) return { kind: 'text', text: textOfStream(events) };
  if (body === null || body === undefined) return { kind: 'not_stored' };
  return { kind: 'text', text: textOf(body) ?? JSON.stringify(body, null, 2) };
}

/** The text of a chunk of a streamed chat, completion or transcription; empty when it has none. */
export function chunkText(data: unknown): string {
  const choice = deltaSchema.safeParse(data).data?.choices[0];
  if (choice !== undefined) return 'text' in choice ? choice.text : choice.delta.content;
  return transcriptDeltaSchema.safeParse(data).data?.delta ?? '';
}

/** Some runtimes send a transcript only once, at the end. */
function textOfStream(events: readonly unknown[]): string {
  const text = events.map(chunkText).join('');
  return text !== '' ? text : (transcriptDoneSchema.safeParse(events.at(-1)).data?.text ?? JSON.stringify(events, null, 2));
}

function textOf(body: unknown): string | null {
  if (typeof body === 'string') return body;
  const chat = chatSchema.safeParse(body);
  if (chat.success) return chat.data.choices[0].message.content;
  const completion = completionSchema.safeParse(body);
  if (completion.success) return completion.data.choices[0].text;
  const transcription = transcriptionSchema.safeParse(body);
  return transcription.success ? transcription.data.text : null;
}

// The one small request that suits each kind of model, and what its answer tells. A kind without one is never measured: a model
// is asked nothing that it does not serve. Pure.
import type { ModelKind } from '../../../../shared/protocol/node-messages';
import type { Task } from '../../../../shared/protocol/tasks';

export interface MeasuringRequest {
  readonly task: Task;
  /** `streamed`: tokens come one after the other; `read`: the answer says how many were read; `none`: only that it answers. */
  readonly tokens: 'streamed' | 'read' | 'none';
  /** Where the time of the whole request counts, it is sent twice: the first may load the model. */
  readonly twice: boolean;
}

const MAX_TOKENS = 32;
const WORD = 'Hello.';
/** About 120 tokens, well within the context of the smallest encoders. */
const TEXT = 'The quick brown fox jumps over the lazy dog. '.repeat(12).trim();

/** WAV, 16 kHz, 16 bit, mono: a header with the first zero byte, and the 31,999 others. */
const SECOND_OF_SILENCE = `UklGRiR9AABXQVZFZm10IBAAAAABAAEAgD4AAAB9AAACABAAZGF0YQB9AAAA${'AAAA'.repeat(10_666)}AA==`;
const WAV = 'audio/wav';

/** In the order of preference: the first that a runtime of this machine serves is sent. */
export function requestsFor(modelId: string, kind: ModelKind): readonly MeasuringRequest[] {
  const openai = (path: Extract<Task, { kind: 'openai' }>['path'], body: object): Task => ({
    kind: 'openai',
    path,
    body: { model: modelId, ...body },
  });
  const sound: Task = { kind: 'command', model_id: modelId, input: { content_type: WAV, base64: SECOND_OF_SILENCE } };
  const word: MeasuringRequest = { task: { kind: 'command', model_id: modelId, input: WORD }, tokens: 'none', twice: false };
  switch (kind) {
    case 'llm':
      return [{ task: openai('/v1/chat/completions', CHAT), tokens: 'streamed', twice: false }, word];
    case 'embedding':
      return [{ task: openai('/v1/embeddings', { input: TEXT }), tokens: 'read', twice: true }, word];
    case 'rerank':
      return [{ task: openai('/v1/rerank', { query: WORD, documents: [TEXT, WORD] }), tokens: 'read', twice: true }];
    case 'asr': {
      const file = { filename: 'silence.wav', content_type: WAV, base64: SECOND_OF_SILENCE };
      return [
        { task: openai('/v1/audio/transcriptions', { file }), tokens: 'none', twice: false },
        { task: sound, tokens: 'none', twice: false },
      ];
    }
    case 'vad':
      return [{ task: sound, tokens: 'none', twice: false }];
    case 'nmt':
    case 'tts':
      return [word];
    case 'emotion':
    case 'image':
    case 'other':
      return [];
  }
}

const CHAT = {
  messages: [{ role: 'user', content: 'Count from 1 to 100.' }],
  max_tokens: MAX_TOKENS,
  temperature: 0,
  stream: true,
  stream_options: { include_usage: true },
};

// The small benchmark requests for each kind of model, and how their answers are measured. A kind without a request is never measured.
import type { ModelKind } from '../../../../shared/protocol/node-messages';
import type { Task } from '../../../../shared/protocol/tasks';

export interface MeasuringRequest {
  readonly task: Task;
  /** `streamed`: tokens arrive one by one. `read`: the answer has the number of tokens read. `none`: only the duration counts. */
  readonly tokens: 'streamed' | 'read' | 'none';
  /** The request is sent twice, because the first one may load the model and the duration of the whole request counts. */
  readonly twice: boolean;
}

const MAX_TOKENS = 32;
const SHORT_TEXT = 'Hello.';
/** About 120 tokens: fits the context of the smallest encoders. */
const LONG_TEXT = 'The quick brown fox jumps over the lazy dog. '.repeat(12).trim();

/** WAV, 16 kHz, 16 bit, mono: the header with the first zero byte, and the other 31,999 zero bytes. */
const SECOND_OF_SILENCE = `UklGRiR9AABXQVZFZm10IBAAAAABAAEAgD4AAAB9AAACABAAZGF0YQB9AAAA${'AAAA'.repeat(10_666)}AA==`;
const WAV = 'audio/wav';

/** In order of preference: the first request that a runtime of this machine serves is sent. */
export function requestsFor(modelId: string, kind: ModelKind): readonly MeasuringRequest[] {
  const openai = (path: Extract<Task, { kind: 'openai' }>['path'], body: object): Task => ({
    kind: 'openai',
    path,
    body: { model: modelId, ...body },
  });
  const audioTask: Task = { kind: 'command', model_id: modelId, input: { content_type: WAV, base64: SECOND_OF_SILENCE } };
  const shortCommand: MeasuringRequest = { task: { kind: 'command', model_id: modelId, input: SHORT_TEXT }, tokens: 'none', twice: false };
  switch (kind) {
    case 'llm':
      return [{ task: openai('/v1/chat/completions', CHAT), tokens: 'streamed', twice: false }, shortCommand];
    case 'embedding':
      return [{ task: openai('/v1/embeddings', { input: LONG_TEXT }), tokens: 'read', twice: true }, shortCommand];
    case 'rerank':
      return [{ task: openai('/v1/rerank', { query: SHORT_TEXT, documents: [LONG_TEXT, SHORT_TEXT] }), tokens: 'read', twice: true }];
    case 'asr': {
      const file = { filename: 'silence.wav', content_type: WAV, base64: SECOND_OF_SILENCE };
      return [
        { task: openai('/v1/audio/transcriptions', { file }), tokens: 'none', twice: false },
        { task: audioTask, tokens: 'none', twice: false },
      ];
    }
    case 'vad':
      return [{ task: audioTask, tokens: 'none', twice: false }];
    case 'nmt':
    case 'tts':
      return [shortCommand];
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

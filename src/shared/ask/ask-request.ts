// The HTTP request of a question to the OpenAI API of a pool: the same endpoint and the same path of the job as for any other client.
import { type AskMessage, type AskParams, ONLY_NODE_HEADER } from '../api/ask';
import { assertNever } from '../assert-never';
import type { OpenAiPath } from '../protocol/task-kinds';

export interface AskFile {
  readonly name: string;
  readonly content_type: string;
  readonly bytes: Uint8Array;
}

export interface AskRequest {
  readonly path: OpenAiPath;
  readonly headers: Readonly<Record<string, string>>;
  readonly body:
    | { readonly kind: 'json'; readonly json: object }
    | { readonly kind: 'form'; readonly fields: Readonly<Record<string, string>>; readonly file: AskFile };
}

/**
 * `requestId`: becomes the `trace_id` of the job, by which the job is found while it waits. A key of the question is in the headers, which
 * override those of the caller.
 */
export function requestOf(params: AskParams, requestId: string): AskRequest {
  const key = params.key === undefined ? {} : { authorization: `Bearer ${params.key}` };
  const headers = { 'x-request-id': requestId, 'accept-language': params.language, ...key };
  switch (params.task) {
    case 'chat': {
      const { model, messages, temperature, max_tokens, node_id: nodeId, session } = params;
      const json = {
        model,
        messages: messages.map(messageOf),
        stream: true,
        stream_options: { include_usage: true },
        ...(temperature === undefined ? {} : { temperature }),
        ...(max_tokens === undefined ? {} : { max_tokens }),
      };
      const more = {
        ...(nodeId === undefined ? {} : { [ONLY_NODE_HEADER]: nodeId }),
        ...(session === undefined ? {} : { 'session-id': session }),
      };
      return { path: '/v1/chat/completions', headers: { ...headers, ...more }, body: { kind: 'json', json } };
    }
    case 'transcribe':
      return {
        path: '/v1/audio/transcriptions',
        headers,
        body: { kind: 'form', fields: { model: params.model }, file: params.sound },
      };
    case 'speak': {
      const { model, text: input, voice } = params;
      const json = { model, input, ...(voice === undefined ? {} : { voice }) };
      return { path: '/v1/audio/speech', headers, body: { kind: 'json', json } };
    }
    default:
      return assertNever(params);
  }
}

function messageOf({ role, text, pictures }: AskMessage): object {
  if (pictures.length === 0) return { role, content: text };
  const parts = pictures.map((url) => ({ type: 'image_url', image_url: { url } }));
  return { role, content: [...(text === '' ? [] : [{ type: 'text', text }]), ...parts] };
}

// Questions to a model of a pool over the HTTP API of its scheduler: the OpenAI API, as for any other client (ADR 0028).
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { AskListener, AskParams } from '../../shared/api/ask';
import type { AskRequest } from '../../shared/ask/ask-request';
import { type AskConnection, type AskHttp, type AskResponse, runAsk } from '../../shared/ask/run-ask';
import { failure } from '../contracts/app-errors';
import type { AskPort } from '../contracts/ports';
import type { Clock } from '../platform/clock';
import { textOf } from '../platform/server-events';
import type { FetchInit } from '../trust/pinned-fetch';
import { bounded, causeOf, MAX_ANSWER_BYTES } from './bounded-answer';
import { HttpClient, type HttpClientOptions } from './http-client';

export class AskClient implements AskPort {
  readonly #http: AskHttp;

  constructor(options: HttpClientOptions, clock: Clock) {
    this.#http = httpOf(new HttpClient(options), clock);
  }

  ask(params: AskParams, listener: AskListener): () => void {
    return runAsk(this.#http, { params, requestId: `req_${randomUUID()}`, listener });
  }
}

const httpOf = (client: HttpClient, clock: Clock): AskHttp => ({
  send: (request) => send(client, request),
  get: async (path) => {
    const answer = await client.ask({ method: 'GET', path, answer: 'job' }, z.unknown());
    return answer.ok ? answer.value : undefined;
  },
  failure: (cause) => failure('DISCONNECTED', { url: client.url(''), cause: typeof cause === 'string' ? cause : causeOf(cause) }).error,
  setTimer: (delayMs, callback) => clock.setTimer(delayMs, callback),
});

function send(client: HttpClient, { path, headers, body }: AskRequest): AskConnection {
  const closed = new AbortController();
  const open = async (): Promise<AskResponse> => {
    const content = body.kind === 'json' ? { type: 'application/json', body: JSON.stringify(body.json) } : await encodedForm(body);
    const post = (key: Readonly<Record<string, string>>): Promise<Response> =>
      client.fetch(client.url(path), {
        method: 'POST',
        headers: { ...key, ...headers, 'content-type': content.type },
        body: content.body,
        signal: closed.signal,
      });
    const key = client.headers();
    const first = await post(key);
    // The client has read its own key again, because the scheduler refused it.
    const isOwnKey = headers['authorization'] === undefined;
    const isRenewed = isOwnKey && first.status === 401 && client.headers()['authorization'] !== key['authorization'];
    const response = isRenewed ? await post(client.headers()) : first;
    const bytes = (): AsyncIterable<Uint8Array> => bounded(response.body, MAX_ANSWER_BYTES.stream);
    return { status: response.status, header: (name) => response.headers.get(name), bytes, text: () => textOf(bytes()) };
  };
  return {
    response: open(),
    close: () => {
      closed.abort();
    },
  };
}

/** Multipart, with a random boundary. */
async function encodedForm({ fields, file }: Extract<AskRequest['body'], { readonly kind: 'form' }>): Promise<EncodedBody> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([new Uint8Array(file.bytes)], { type: file.content_type }), file.name);
  const encoded = new Response(form);
  return { type: encoded.headers.get('content-type') ?? '', body: new Uint8Array(await encoded.arrayBuffer()) };
}

interface EncodedBody {
  readonly type: string;
  readonly body: NonNullable<FetchInit['body']>;
}

// Questions to a model of a pool over the HTTP API of its scheduler: the OpenAI API, as for any other client (ADR 0028).
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Outcome } from '../../shared/api/app-api';
import type { AskListener, AskParams } from '../../shared/api/ask';
import type { ReadyPoolModel } from '../../shared/api/pool-models';
import type { AskRequest } from '../../shared/ask/ask-request';
import { type AskConnection, type AskHttp, type AskResponse, runAsk } from '../../shared/ask/run-ask';
import { failure, notAvailableHere } from '../contracts/app-errors';
import type { AskPort } from '../contracts/ports';
import type { Clock } from '../platform/clock';
import { textOf } from '../platform/server-events';
import type { FetchInit } from '../trust/pinned-fetch';
import { bounded, causeOf, MAX_ANSWER_BYTES } from './bounded-answer';
import { HttpClient, type HttpClientOptions } from './http-client';
import { readyModelsOf } from './ready-models';

export interface AskClientOptions {
  /** The scheduler of the pool that this computer uses now. Null: none. */
  readonly access: () => Promise<HttpClientOptions | null>;
  readonly clock: Clock;
}

export class AskClient implements AskPort {
  readonly #options: AskClientOptions;
  /** The client of the last request. Another address, key or pin needs another one. */
  #last: { readonly key: string; readonly client: HttpClient } | null = null;

  constructor(options: AskClientOptions) {
    this.#options = options;
  }

  ask(params: AskParams, listener: AskListener): () => void {
    let isCancelled = false;
    let cancel = (): void => {
      isCancelled = true;
    };
    void this.#client().then((client) => {
      if (isCancelled) return;
      if (client === null) void listener.onEvents([{ type: 'failed', error: notAvailableHere().error }]);
      else cancel = runAsk(httpOf(client, this.#options.clock), { params, requestId: `req_${randomUUID()}`, listener });
    });
    return () => {
      cancel();
    };
  }

  async models(): Promise<Outcome<readonly ReadyPoolModel[]>> {
    const client = await this.#client();
    return client === null ? notAvailableHere() : readyModelsOf(client);
  }

  async #client(): Promise<HttpClient | null> {
    const access = await this.#options.access();
    if (access === null) return null;
    const key = JSON.stringify([access.baseUrl, access.token, access.pin ?? null]);
    if (this.#last?.key !== key) this.#last = { key, client: new HttpClient(access) };
    return this.#last.client;
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
    const response = await client.fetch(client.url(path), {
      method: 'POST',
      headers: { ...client.headers(), ...headers, 'content-type': content.type },
      body: content.body,
      signal: closed.signal,
    });
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

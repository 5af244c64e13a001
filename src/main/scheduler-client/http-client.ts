// HTTP requests to a scheduler, with outcomes as results: error bodies of the scheduler unchanged, a failed connection as DISCONNECTED.
import type { z } from 'zod';
import type { Outcome } from '../../shared/api/app-api';
import type { Language } from '../../shared/language';
import { parseJson } from '../../shared/json';
import { validate } from '../../shared/protocol/decode';
import { fail, ok } from '../../shared/result';
import { failure } from '../contracts/app-errors';
import { type Fetch, pinnedFetch, provenFetch } from '../trust/pinned-fetch';
import { type AnswerKind, causeOf, fetchPlain, readText } from './bounded-answer';
import { refusalOf } from './refusal';

export interface HttpClientOptions {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** The owner key or the key of a program; null: none. */
  readonly token: string | null;
  /** Reads the key again when the scheduler refuses it: the owner may have replaced it. Absent: a refusal is final. */
  readonly readToken?: () => Promise<string | null>;
  /** The pin of the CA of the pool, for https. Null or absent: a certificate that this system trusts. */
  readonly pin?: string | null;
  readonly timeoutMs?: number;
  /** The language of error messages. Default: English. */
  readonly language?: Language;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Decides the size limit of the answer. Default: `record`. */
  readonly answer?: AnswerKind;
}

/** The cause of a failure when the answer is not JSON: another program uses the address, or a proxy answered. */
export const NOT_JSON = 'not_json';

/** A client without a secret has nothing to protect. */
function fetchOf({ baseUrl, token, pin = null, language }: HttpClientOptions): Fetch {
  if (pin !== null) return pinnedFetch(pin);
  return token !== null && baseUrl.startsWith('http:') ? provenFetch(token, language) : fetch;
}

export class HttpClient {
  /** With the token that is used now. */
  #options: HttpClientOptions;
  #send: Fetch;

  /** `fetchPlain` over verified connections: with the pin of the pool, or with the proof of a scheduler on this computer. */
  readonly fetch: Fetch;

  constructor(options: HttpClientOptions) {
    this.#options = options;
    this.#send = fetchOf(options);
    this.fetch = async (url, init = {}) => {
      const response = await fetchPlain(url, init, this.#send);
      if (response.status === 401) await this.#renewToken();
      return response;
    };
  }

  /** Headers of every request, including the token. */
  headers(): Record<string, string> {
    const { token, language } = this.#options;
    return {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(language === undefined ? {} : { 'accept-language': language }),
    };
  }

  url(path: string): string {
    return `${this.#options.baseUrl}${path}`;
  }

  /** The next requests use a replaced key. */
  async #renewToken(): Promise<void> {
    const token = (await this.#options.readToken?.()) ?? null;
    if (token === null || token === this.#options.token) return;
    this.#options = { ...this.#options, token };
    this.#send = fetchOf(this.#options);
  }

  /**
   * Sends a request and decodes the answer. Never rejects. An answer that does not match the schema is INTERNAL_ERROR. A request that was
   * refused with a replaced key is sent once more.
   */
  async ask<Schema extends z.ZodType>(request: HttpRequest, schema: Schema): Promise<Outcome<z.output<Schema>>> {
    const { token } = this.#options;
    const outcome = await this.#askOnce(request, schema);
    const isRenewed = this.#options.token !== token;
    return isRenewed && !outcome.ok && outcome.error.code === 'UNAUTHORIZED' ? this.#askOnce(request, schema) : outcome;
  }

  async #askOnce<Schema extends z.ZodType>(
    { method, path, body, headers, answer: kind = 'record' }: HttpRequest,
    schema: Schema,
  ): Promise<Outcome<z.output<Schema>>> {
    let status: number;
    let answer: unknown;
    try {
      const response = await this.fetch(this.url(path), {
        method,
        headers: { ...this.headers(), ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(this.#options.timeoutMs ?? 10_000),
      });
      status = response.status;
      const text = await readText(response, kind);
      answer = text === '' ? {} : parseJson(text);
      if (answer === undefined) return failure('DISCONNECTED', { url: this.#options.baseUrl, cause: NOT_JSON });
    } catch (error) {
      return failure('DISCONNECTED', { url: this.#options.baseUrl, cause: causeOf(error) });
    }
    const isDone = status < 300;
    // The view of a failed job has an `error`, too. Only the status distinguishes the two.
    const refusal = isDone ? null : refusalOf(answer);
    if (refusal !== null) return fail(refusal);
    const decoded = isDone ? validate(answer, schema) : fail({ field: '', reason: `HTTP ${String(status)}` });
    return decoded.ok ? ok(decoded.value) : failure('INTERNAL_ERROR', { path, ...decoded.error });
  }
}

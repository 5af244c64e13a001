// Asks a scheduler over HTTP and answers with outcomes: its error bodies as they are, a failed connection as DISCONNECTED.
import type { z } from 'zod';
import type { Outcome } from '../../shared/api/app-api';
import { errorBodySchema } from '../../shared/api/node-view';
import type { Language } from '../../shared/language';
import { validate } from '../../shared/protocol/decode';
import { fail, ok } from '../../shared/result';
import { failure } from '../contracts/app-errors';

export interface HttpClientOptions {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** An admin token; null where the server is open to this machine. */
  readonly token: string | null;
  readonly timeoutMs?: number;
  /** Of the messages of errors; without it English. */
  readonly language?: Language;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export class HttpClient {
  constructor(private readonly options: HttpClientOptions) {}

  /** Headers of every request, the token among them. */
  headers(): Record<string, string> {
    const { token, language } = this.options;
    return {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(language === undefined ? {} : { 'accept-language': language }),
    };
  }

  url(path: string): string {
    return `${this.options.baseUrl}${path}`;
  }

  /** Sends a request and decodes its answer. Never rejects; an answer that is not the schema's is INTERNAL_ERROR. */
  async ask<Schema extends z.ZodType>({ method, path, body, headers }: HttpRequest, schema: Schema): Promise<Outcome<z.output<Schema>>> {
    let status: number;
    let answer: unknown;
    try {
      const response = await fetch(this.url(path), {
        method,
        headers: { ...this.headers(), ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(this.options.timeoutMs ?? 10_000),
      });
      status = response.status;
      const text = await response.text();
      answer = text === '' ? {} : JSON.parse(text);
    } catch (error) {
      return failure('DISCONNECTED', { url: this.options.baseUrl, cause: causeOf(error) });
    }
    const isDone = status < 300;
    // A job that failed has an `error` too: only the status tells the two apart.
    const refusal = isDone ? null : errorBodySchema.safeParse(answer);
    if (refusal?.success === true) return fail(refusal.data.error);
    const decoded = isDone ? validate(answer, schema) : fail({ field: '', reason: `HTTP ${String(status)}` });
    return decoded.ok ? ok(decoded.value) : failure('INTERNAL_ERROR', { path, ...decoded.error });
  }
}

/** The system's code under `fetch failed`, e.g. ECONNREFUSED, else its words. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

// A question over HTTP: the OpenAI API of the scheduler that serves this page, with the key of the visitor. So the visitor's own rights and
// limits apply, and the job belongs to the visitor.
import { type AskListener, askParamsSchema, type AskParamsInput } from '../../shared/api/ask';
import type { AskRequest } from '../../shared/ask/ask-request';
import { type AskConnection, type AskHttp, type AskResponse, runAsk } from '../../shared/ask/run-ask';
import { validate } from '../../shared/protocol/decode';
import { bytesOf, textOf } from './text-of-body';

export interface AskOverHttp {
  /** `http://host:7080/api/v1/app/`. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly random: () => number;
  /** Of every request, with the key. */
  readonly headers: () => Record<string, string>;
}

export function askOverHttp(options: AskOverHttp, params: AskParamsInput, listener: AskListener): () => void {
  const decoded = validate(params, askParamsSchema);
  if (decoded.ok) return runAsk(httpOf(options), { params: decoded.value, requestId: requestIdOf(options.random), listener });
  void listener.onEvents([{ type: 'failed', error: { code: 'INVALID_REQUEST', message: '', details: { ...decoded.error } } }]);
  return () => undefined;
}

const urlOf = ({ baseUrl }: AskOverHttp, path: string): URL => new URL(`../../..${path}`, baseUrl);

const httpOf = (options: AskOverHttp): AskHttp => ({
  send: (request) => send(options, request),
  async get(path) {
    try {
      const response = await options.fetch(urlOf(options, path), { headers: options.headers(), cache: 'no-store' });
      return response.ok ? ((await response.json()) as unknown) : undefined;
    } catch {
      return undefined;
    }
  },
  failure: (cause) => ({ code: 'DISCONNECTED', message: String(cause), details: null }),
  setTimer: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
});

function send(options: AskOverHttp, { path, headers, body }: AskRequest): AskConnection {
  const closed = new AbortController();
  const isJson = body.kind === 'json';
  const request = options.fetch(urlOf(options, path), {
    method: 'POST',
    // The browser writes the content type of a form, with its boundary.
    headers: { ...options.headers(), ...headers, ...(isJson ? { 'content-type': 'application/json' } : {}) },
    body: isJson ? JSON.stringify(body.json) : formOf(body),
    signal: closed.signal,
  });
  return { response: request.then(responseOf), close: () => closed.abort() };
}

function formOf({ fields, file }: Extract<AskRequest['body'], { readonly kind: 'form' }>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([new Uint8Array(file.bytes)], { type: file.content_type }), file.name);
  return form;
}

function responseOf(response: Response): AskResponse {
  const body = response.body ?? new ReadableStream<Uint8Array>({ start: (controller) => controller.close() });
  return { status: response.status, header: (name) => response.headers.get(name), text: () => textOf(body), bytes: () => bytesOf(body) };
}

/** No secret: it only has to differ from those of the caller's other requests. `crypto.randomUUID` is missing on plain HTTP. */
const requestIdOf = (random: () => number): string =>
  `req_${Array.from({ length: 4 }, () => Math.floor(random() * 0x1_0000_0000).toString(36)).join('-')}`;

// A client of a scheduler's HTTP API without the rules of fetch: any Host, Origin and method.
import { request } from 'node:http';
import { within } from './within';

/** The owner key of test schedulers. `sendRequest` sends this key unless the test gives another one. */
export const OWNER_KEY = 'the-owner-key-of-the-test';

export const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  json(): unknown;
}

export interface HttpRequestOptions {
  readonly method?: string;
  readonly path: string;
  /** `authorization` null: without a key. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** Text is sent unchanged, anything else as JSON. */
  readonly body?: unknown;
  /** The call rejects when the answer is not complete after this time. */
  readonly limitMs?: number;
}

function authorized(headers: Readonly<Record<string, string | null>>): Readonly<Record<string, string>> {
  const all = { ...bearer(OWNER_KEY), ...headers };
  return Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

export async function sendRequest(
  port: number,
  { method = 'GET', path, headers = {}, body, limitMs = 20_000 }: HttpRequestOptions,
): Promise<HttpAnswer> {
  const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const type = payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(payload)) };
  const sent = request({ host: '127.0.0.1', port, method, path, headers: { ...type, ...authorized(headers) }, agent: false });
  const answer = new Promise<HttpAnswer>((resolve, reject) => {
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      // An event stream never ends by itself, so only its status and headers are read.
      if (response.headers['content-type']?.startsWith('text/event-stream') === true) response.destroy();
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('close', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: () => JSON.parse(text) as unknown });
      });
      response.on('error', () => undefined);
    });
    sent.on('error', reject);
  });
  sent.end(payload);
  try {
    return await within(`the answer to ${method} ${path}`, answer, limitMs);
  } finally {
    sent.destroy();
  }
}

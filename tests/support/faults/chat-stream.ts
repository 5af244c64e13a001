// A client of the OpenAI API that reads a stream to its end.
import { request as httpRequest } from 'node:http';
import { createInterface } from 'node:readline';
import { OWNER_KEY } from '../http-api';
import { within } from '../within';

export interface StreamedAnswer {
  readonly jobId: string;
  /** Null: it ended with its last chunk. Otherwise the error that ended it, or that there was none. */
  readonly cut: string | null;
  /** The contents of the chunks. */
  readonly pieces: readonly string[];
  /** The runs of runtimes that made the chunks. */
  readonly runs: readonly string[];
}

interface Chunk {
  readonly id?: string;
  readonly error?: unknown;
  readonly choices?: readonly { readonly delta: { readonly content?: string } }[];
}

const PREFIX = 'data: ';
const LAST = `${PREFIX}[DONE]`;

/** Null: the stream has not begun. */
export async function streamChat(port: number, body: object, limitMs: number): Promise<StreamedAnswer | null> {
  const lines: string[] = [];
  const sent = httpRequest({
    host: '127.0.0.1',
    port,
    method: 'POST',
    path: '/v1/chat/completions',
    agent: false,
    headers: { authorization: `Bearer ${OWNER_KEY}`, 'content-type': 'application/json' },
  });
  const ended = new Promise<string>((resolve, reject) => {
    sent.on('response', (response) => {
      const reader = createInterface({ input: response }).on('line', (line) => lines.push(line));
      reader.on('error', () => undefined);
      response.on('error', () => undefined);
      // After `close` of the response, the reader may have lines left.
      reader.on('close', () => {
        resolve(String(response.headers['x-muster-job']));
      });
      response.on('close', () => {
        reader.close();
      });
    });
    sent.on('error', reject);
  });
  sent.end(JSON.stringify(body));
  const jobId = await within('the end of a stream', ended, limitMs).finally(() => {
    sent.destroy();
  });
  const chunks = lines.filter((line) => line.startsWith(PREFIX) && line !== LAST).flatMap(chunkIn);
  const pieces = chunks.flatMap(({ choices }) => choices?.[0]?.delta.content ?? []);
  if (pieces.length === 0) return null;
  const failed = chunks.find(({ error }) => error !== undefined);
  const cut = failed === undefined ? (lines.includes(LAST) ? null : 'no last chunk') : JSON.stringify(failed.error);
  return { jobId, cut, pieces, runs: [...new Set(chunks.flatMap(({ id }) => id ?? []))] };
}

/** The last line of a stream that was cut may be a part of one. */
function chunkIn(line: string): readonly Chunk[] {
  try {
    return [JSON.parse(line.slice(PREFIX.length)) as Chunk];
  } catch {
    return [];
  }
}

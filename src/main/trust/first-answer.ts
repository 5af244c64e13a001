// Reads one HTTP answer from a socket that later carries other requests. It parses by hand, because the HTTP client of Node keeps the
// socket. Only the answers of a scheduler have to be understood: a status, a Content-Length, and a body of that length.
import type { Socket } from 'node:net';

const MAX_HEAD_BYTES = 16 * 1024;
const MAX_BODY_BYTES = 64 * 1024;

export interface FirstAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: string;
}

/** `incomplete`: more bytes must arrive. */
export function parseAnswer(bytes: Buffer): FirstAnswer | 'incomplete' | 'not_understood' {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd === -1) return bytes.length > MAX_HEAD_BYTES ? 'not_understood' : 'incomplete';
  const [statusLine = '', ...lines] = bytes.subarray(0, headEnd).toString('latin1').split('\r\n');
  const [, status] = /^HTTP\/1\.1 (\d{3})(?: |$)/.exec(statusLine) ?? [];
  const valueOf = (name: string): string | undefined =>
    lines
      .find((line) => line.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  const length = Number(valueOf('content-length') ?? NaN);
  if (status === undefined || !Number.isInteger(length) || length < 0 || length > MAX_BODY_BYTES) return 'not_understood';
  const body = bytes.subarray(headEnd + 4);
  if (body.length < length) return 'incomplete';
  // Nothing was requested that more bytes could answer.
  if (body.length > length) return 'not_understood';
  return { status: Number(status), retryAfter: valueOf('retry-after') ?? null, body: body.toString('utf8') };
}

/** Resolves to null when the answer is not understood. Rejects when the connection fails or ends first. The socket stays open. */
export function readAnswer(socket: Socket): Promise<FirstAnswer | null> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const end = (): void => {
      socket.off('data', onData).off('error', onError).off('close', onClose);
    };
    const onData = (piece: Buffer): void => {
      bytes = Buffer.concat([bytes, piece]);
      const answer = parseAnswer(bytes);
      if (answer === 'incomplete') return;
      end();
      resolve(answer === 'not_understood' ? null : answer);
    };
    const onError = (error: Error): void => {
      end();
      reject(error);
    };
    const onClose = (): void => {
      end();
      resolve(null);
    };
    socket.on('data', onData).once('error', onError).once('close', onClose);
  });
}

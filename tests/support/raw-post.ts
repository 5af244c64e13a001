// Requests over a bare socket, for large bodies: the client works in the thread of the scheduler, and must cost next to nothing.
import { connect } from 'node:net';
import { within } from './within';

export interface RawAnswer {
  readonly status: number;
  /** With the headers. */
  readonly text: string;
}

/** The bytes of a whole request, made before it is sent. */
export function rawRequest(port: number, path: string, body: string, headers: Readonly<Record<string, string>> = {}): Buffer {
  const content = Buffer.from(body);
  const lines = { Host: `127.0.0.1:${String(port)}`, Connection: 'close', 'Content-Type': 'application/json', ...headers };
  const head = Object.entries({ ...lines, 'Content-Length': String(content.length) }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${head.join('')}\r\n`), content]);
}

export function rawPost(port: number, bytes: Buffer): Promise<RawAnswer> {
  const answer = new Promise<RawAnswer>((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1');
    socket.on('data', (data) => (text += data.toString()));
    socket.on('error', reject);
    socket.on('close', () => {
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text });
    });
    socket.write(bytes);
  });
  return within('the answer to a large body', answer);
}

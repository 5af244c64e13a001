// The body of a request on its way to the leader. A small one is read as a whole, so that its request can be sent again. A large one is
// passed on no faster than the leader takes it.
import type { IncomingMessage } from 'node:http';
import type { Holding } from '../access/unfinished-bytes';
import type { StreamSender } from '../cluster/bus/stream-sender';
import { MAX_WHOLE_BODY_BYTES } from './core/http-records';
import type { KeptBody } from './kept-bodies';
import { CHUNK_END, chunkHead, LAST_CHUNK } from './core/request-head';

const NONE = Buffer.alloc(0);

export const hasBody = ({ headers }: Pick<IncomingMessage, 'headers'>): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** Null: a large body, or one of unknown length, which is not read yet. Rejects when the client leaves before the end. */
export async function smallBody(request: IncomingMessage, holding: Holding): Promise<Buffer | null> {
  const { headers } = request;
  if (!hasBody(request)) return NONE;
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > MAX_WHOLE_BODY_BYTES) return null;
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request) {
    pieces.push(piece as Buffer);
    bytes += (piece as Buffer).length;
    holding.set(bytes);
  }
  return Buffer.concat(pieces);
}

/** What the leader does not take is discarded. */
export function passBody(request: IncomingMessage, sender: StreamSender, holding: Holding, kept: KeptBody | null): void {
  const isChunked = request.headers['transfer-encoding'] !== undefined;
  let isTaken = true;
  void sender.ended.then(() => {
    isTaken = false;
    holding.release();
    request.resume();
  });
  request.on('data', (piece: Buffer) => {
    if (!isTaken) return;
    const bytes = isChunked ? Buffer.concat([Buffer.from(chunkHead(piece.length)), piece, Buffer.from(CHUNK_END)]) : piece;
    kept?.add(bytes);
    const takesMore = sender.write(bytes);
    holding.set(sender.heldBytes);
    if (takesMore) return;
    request.pause();
    void sender.whenDrained().then(() => request.resume());
  });
  request.on('end', () => {
    const last = Buffer.from(isChunked ? LAST_CHUNK : '');
    kept?.add(last);
    kept?.end();
    if (isChunked) sender.write(last);
    sender.end();
  });
  request.on('close', () => {
    if (!request.readableEnded) sender.abort('client_gone');
  });
}

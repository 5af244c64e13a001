// Writes the answer of the leader to the client: the head as the leader's server wrote it, and the body no faster than the client reads.
import type { ServerResponse } from 'node:http';
import type { StreamReceiver } from '../cluster/bus/stream-receiver';
import { type AnswerHead, decodeAnswerHead } from './core/answer-head';

/** The code of a stream that ended with the channel. */
export const CHANNEL_ENDED = 'channel_ended';

/** `lost`: the leader is lost, and nothing was written. `cut`: the answer is not whole, and the connection of the client has ended. */
export type AnswerEnd = 'whole' | 'lost' | 'cut';

/** The whole bytes of an answer. */
export interface WholeAnswer {
  readonly head: AnswerHead;
  readonly body: Uint8Array;
}

/** Null: not an answer. */
export function wholeAnswer(bytes: Uint8Array): WholeAnswer | null {
  const head = decodeAnswerHead(bytes);
  return typeof head === 'string' ? null : { head, body: bytes.subarray(head.bodyAt) };
}

export function writeHead(response: ServerResponse, { status, reason, rawHeaders }: AnswerHead): void {
  response.sendDate = false;
  response.writeHead(status, reason, [...rawHeaders]);
}

/** Reads until the end of the stream, or until the client has left. */
export async function passAnswer(receiver: StreamReceiver, response: ServerResponse): Promise<AnswerEnd> {
  let begin: Uint8Array | null = new Uint8Array(0);
  for (;;) {
    const item = await receiver.read();
    if (response.destroyed) return 'cut';
    if (item.type === 'end' && begin === null) {
      response.end();
      return 'whole';
    }
    if (item.type !== 'piece') {
      if (begin !== null && item.type === 'failed' && item.code === CHANNEL_ENDED) return 'lost';
      response.destroy();
      return 'cut';
    }
    if (begin === null) {
      if (!response.write(item.bytes)) await drained(response);
      continue;
    }
    begin = begin.length === 0 ? item.bytes : Buffer.concat([begin, item.bytes]);
    const head = decodeAnswerHead(begin);
    if (head === 'malformed') {
      response.destroy();
      return 'cut';
    }
    if (head === 'partial') continue;
    writeHead(response, head);
    response.flushHeaders();
    const body = begin.subarray(head.bodyAt);
    begin = null;
    if (body.length > 0 && !response.write(body)) await drained(response);
  }
}

/** Resolves also when the client has left. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

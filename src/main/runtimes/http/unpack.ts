// The bytes of an answer as they were before its server or a proxy packed them. Nothing packed is asked for, and some pack all the
// same. It is unpacked as it is read: what holds too much is given up by its reader, before it is unpacked whole.
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream';
import { createBrotliDecompress, createUnzip } from 'node:zlib';

/** Packed in a way that was not asked for, and is not known. */
export class UnknownEncoding extends Error {}

/** Iterating rejects as that of the response does, or with an error of zlib (`isUnpackingError`). Throws `UnknownEncoding`. */
export function unpacked(response: IncomingMessage): AsyncIterable<Buffer> {
  const unpacker = unpackerFor(response.headers['content-encoding']);
  // What ends the one ends the other; the reader of the second is told.
  return unpacker === null ? response : pipeline(response, unpacker, () => undefined);
}

export const isUnpackingError = (code: string): boolean =>
  code.startsWith('Z_') || code.startsWith('ERR__') || code.startsWith('ERR_BROTLI');

function unpackerFor(encoding: string | undefined) {
  switch (encoding?.trim().toLowerCase()) {
    case undefined:
    case '':
    case 'identity':
      return null;
    case 'gzip':
    case 'x-gzip':
    case 'deflate':
      return createUnzip();
    case 'br':
      return createBrotliDecompress();
    default:
      throw new UnknownEncoding();
  }
}

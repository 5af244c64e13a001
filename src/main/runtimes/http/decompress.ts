// Decompresses an answer. The request does not accept compression, but some servers and proxies compress anyway. It decompresses while
// reading, so that the reader can stop at its limit before a huge answer is decompressed.
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream';
import { createBrotliDecompress, createUnzip } from 'node:zlib';

/** The content encoding is unknown. */
export class UnknownEncoding extends Error {}

/** Iterating rejects like the response, or with an error of zlib (`isDecompressionError`). Throws `UnknownEncoding`. */
export function decompressed(response: IncomingMessage): AsyncIterable<Buffer> {
  const decompressor = decompressorFor(response.headers['content-encoding']);
  // `pipeline` destroys both streams when one fails. The reader gets the error.
  if (decompressor !== null) return pipeline(response, decompressor, () => undefined);
  // A reader that stops early leaves the response open: the end of the answer may already be there.
  return response.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
}

export const isDecompressionError = (code: string): boolean =>
  code.startsWith('Z_') || code.startsWith('ERR__') || code.startsWith('ERR_BROTLI');

function decompressorFor(encoding: string | undefined) {
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

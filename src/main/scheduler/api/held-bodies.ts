// Counts the bytes of bodies that have not arrived as a whole, in the budget that they share with the messages of nodes.
import type { preParsingHookHandler } from 'fastify';
import { sourceOf } from '../../platform/source-address';
import { refuseSocket } from '../access/error-response';
import type { UnfinishedBytes } from '../access/unfinished-bytes';

/** For Fastify's `preParsing`: the body is read after it. */
export const holdBody =
  (unfinished: UnfinishedBytes): preParsingHookHandler =>
  (request, reply, body, done) => {
    const { raw } = request;
    if (raw.headers['content-length'] === undefined && raw.headers['transfer-encoding'] === undefined) {
      done(null, body);
      return;
    }
    const holding = unfinished.hold(sourceOf(raw.socket.remoteAddress), () => {
      // The rest of the body is not read.
      raw.socket.once('finish', () => raw.destroy());
      refuseSocket(raw.socket, 'OVERLOADED', null, raw);
    });
    let bytes = 0;
    const count = (chunk: Buffer | string): void => {
      bytes += Buffer.byteLength(chunk);
      holding.set(bytes);
    };
    const release = (): void => {
      body.off('data', count);
      holding.release();
    };
    body.on('data', count).once('end', release).once('close', release);
    // A body that is refused is discarded.
    reply.raw.once('finish', release);
    done(null, body);
  };

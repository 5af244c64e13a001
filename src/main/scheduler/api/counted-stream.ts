// Answers with a stream of events that counts as a stream of the caller's key.
import type { ServerResponse } from 'node:http';
import { limitDetails } from '../../../shared/api/program-limits';
import type { KeyUsage, StreamKind } from '../members/key-usage';
import type { EventStreams, Subscribe } from './event-streams';
import { type Answer, errorCodeAnswer, type RouteRequest } from './route';
import type { StreamClient } from './stream-admission';

type StreamRequest = Pick<RouteRequest<unknown, unknown>, 'caller' | 'language' | 'accessFailure'>;

const streamClientOf = ({ caller: { principal }, language, accessFailure }: StreamRequest): StreamClient => ({
  holder: { id: principal?.id ?? null, isOwner: principal?.roles.includes('owner') === true },
  language,
  accessFailure,
});

/** The stream counts until it has ended. */
export function countedStream(
  request: StreamRequest,
  { usage, streams, kind }: { readonly usage: KeyUsage; readonly streams: EventStreams; readonly kind: StreamKind },
  subscribe: Subscribe,
): Answer {
  const release = usage.openStream(request.caller.principal, kind);
  if (typeof release !== 'function') return errorCodeAnswer('LIMIT_REACHED', limitDetails(release));
  return {
    kind: 'stream',
    open(response: ServerResponse) {
      response.on('close', release);
      const isOpen = streams.open(response, subscribe, streamClientOf(request));
      if (!isOpen || response.destroyed) release();
      return isOpen;
    },
  };
}

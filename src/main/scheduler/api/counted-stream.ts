// Answers with a stream of events that counts as a stream of the caller's key.
import type { ServerResponse } from 'node:http';
import type { Language } from '../../../shared/language';
import type { Caller } from '../members/core/principal';
import type { KeyUsage, StreamKind } from '../members/key-usage';
import type { EventStreams, Subscribe } from './event-streams';
import { type Answer, errorCodeAnswer } from './route';
import type { StreamClient } from './stream-admission';

interface StreamRequest {
  readonly caller: Caller;
  readonly language: Language;
}

const streamClientOf = ({ caller: { principal }, language }: StreamRequest): StreamClient => ({
  holder: { id: principal?.id ?? null, isOwner: principal?.roles.includes('owner') === true },
  language,
});

/** The stream counts until it has ended. */
export function countedStream(
  request: StreamRequest,
  { usage, streams, kind }: { readonly usage: KeyUsage; readonly streams: EventStreams; readonly kind: StreamKind },
  subscribe: Subscribe,
): Answer {
  const release = usage.openStream(request.caller.principal, kind);
  if (typeof release !== 'function')
    return errorCodeAnswer('LIMIT_REACHED', { limit: release.limit, max: release.max, found: release.found });
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

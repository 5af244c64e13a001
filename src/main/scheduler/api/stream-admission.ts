// The client of a stream, and which stream ends when all are taken and one more is wanted (ADR 0021). Pure.
import type { Language } from '../../../shared/language';
import type { AccessCheck } from './route';

/** The credential that holds a stream. `id` null: a caller without a key. */
export interface StreamHolder {
  readonly id: string | null;
  readonly isOwner: boolean;
}

export interface StreamClient {
  readonly holder: StreamHolder;
  /** Of the error that ends the stream. */
  readonly language: Language;
  /** Whether the credential has ended since. Asked again at every keep-alive. */
  readonly accessFailure: AccessCheck;
}

/**
 * The oldest stream of the holder with the most, for a caller who would still hold fewer; null: the caller is refused. The owner is
 * admitted in any case, and streams of the owner do not end for others. `streams`: all that are open, oldest first.
 */
export function streamToEnd<Stream extends { readonly client: Pick<StreamClient, 'holder'> }>(
  streams: Iterable<Stream>,
  caller: StreamHolder,
): Stream | null {
  const oldest = new Map<string | null, { readonly stream: Stream; count: number }>();
  let own = 0;
  for (const stream of streams) {
    const { id, isOwner } = stream.client.holder;
    if (id === caller.id) own++;
    if (isOwner || id === caller.id) continue;
    const held = oldest.get(id);
    if (held === undefined) oldest.set(id, { stream, count: 1 });
    else held.count++;
  }
  const [most] = [...oldest.values()].toSorted((one, other) => other.count - one.count);
  // With equal shares two callers would end the streams of each other by turns.
  return most !== undefined && (caller.isOwner || most.count > own + 1) ? most.stream : null;
}

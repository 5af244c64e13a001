// What must go so that the rest fits a budget: the sender with the most bytes loses its largest part first. Other senders are not
// affected. Pure.

export interface Part {
  /** The source of the connection. */
  readonly from: string;
  readonly bytes: number;
}

interface Sender<P> {
  readonly parts: P[];
  bytes: number;
}

/** The parts to drop, in this order, until the others have at most `maxBytes` together. */
export function overBudget<P extends Part>(parts: Iterable<P>, maxBytes: number): readonly P[] {
  const senders = new Map<string, Sender<P>>();
  let total = 0;
  for (const part of parts) {
    const sender = senders.get(part.from) ?? { parts: [], bytes: 0 };
    senders.set(part.from, sender);
    sender.parts.push(part);
    sender.bytes += part.bytes;
    total += part.bytes;
  }
  const dropped: P[] = [];
  while (total > maxBytes) {
    const sender = withMost(senders.values());
    const largest = sender && withMost(sender.parts);
    if (!largest) break;
    sender.parts.splice(sender.parts.indexOf(largest), 1);
    sender.bytes -= largest.bytes;
    total -= largest.bytes;
    dropped.push(largest);
  }
  return dropped;
}

/** The first with the most bytes; null: there is none. */
function withMost<Item extends { readonly bytes: number }>(items: Iterable<Item>): Item | null {
  let most: Item | null = null;
  for (const item of items) if (most === null || item.bytes > most.bytes) most = item;
  return most;
}

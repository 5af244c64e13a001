// The node sockets whose first `node_register` is not answered yet. They are expensive when many nodes connect at once, so their number is
// bounded: for each address, and in all. Known nodes have their own bounds, so strangers keep none out.
import type { LimitName } from '../../platform/abuse-log';
import type { Newcomer } from '../access/newcomers';

/** For strangers in all, and again for known nodes in all. */
const MAX_HANDSHAKES = 200;
/** A known node may have lost a connection that the scheduler still holds. */
const MAX_HANDSHAKES_PER_NODE = 2;
/** To decode so much of a first message costs about as much as to accept a connection. */
const BYTES_PER_TURN = 2048;

/** `knownAs`: the member, or the node, that proved itself at the upgrade; null: a stranger. */
export interface Peer {
  readonly from: string;
  readonly knownAs: string | null;
}

export interface HandshakeRefusal {
  readonly limit: Extract<LimitName, 'handshakes' | 'handshakes_per_address'>;
  readonly maximum: number;
}

export class Handshakes<Connection> {
  readonly #maxPerAddress: number;
  readonly #peers = new Map<Connection, Peer>();
  readonly #byOwner = new Map<string, number>();
  #known = 0;

  constructor(maxPerAddress: number) {
    this.#maxPerAddress = maxPerAddress;
  }

  get size(): number {
    return this.#peers.size;
  }

  /** Null: one more is allowed. */
  refusal(peer: Peer): HandshakeRefusal | null {
    const isKnown = peer.knownAs !== null;
    const maximum = isKnown ? MAX_HANDSHAKES_PER_NODE : this.#maxPerAddress;
    if ((this.#byOwner.get(ownerOf(peer)) ?? 0) >= maximum) return { limit: 'handshakes_per_address', maximum };
    const others = isKnown ? this.#known : this.#peers.size - this.#known;
    return others >= MAX_HANDSHAKES ? { limit: 'handshakes', maximum: MAX_HANDSHAKES } : null;
  }

  add(connection: Connection, peer: Peer): void {
    this.#peers.set(connection, peer);
    const owner = ownerOf(peer);
    this.#byOwner.set(owner, (this.#byOwner.get(owner) ?? 0) + 1);
    if (peer.knownAs !== null) this.#known++;
  }

  delete(connection: Connection): void {
    const peer = this.#peers.get(connection);
    if (peer === undefined) return;
    this.#peers.delete(connection);
    const owner = ownerOf(peer);
    const left = (this.#byOwner.get(owner) ?? 1) - 1;
    if (left === 0) this.#byOwner.delete(owner);
    else this.#byOwner.set(owner, left);
    if (peer.knownAs !== null) this.#known--;
  }
}

/** The node, or the address of a stranger. */
const ownerOf = ({ from, knownAs }: Peer): string => (knownAs === null ? `address ${from}` : `known ${knownAs}`);

/** For a message of a socket without a registered node. */
export const newcomerOf = (peer: Peer, bytes: number): Omit<Newcomer, 'start'> => ({
  owner: ownerOf(peer),
  isKnown: peer.knownAs !== null,
  turns: Math.ceil((bytes + 1) / BYTES_PER_TURN),
});

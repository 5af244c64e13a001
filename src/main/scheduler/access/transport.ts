// How a request reached the scheduler. Plain HTTP is for this computer: on the network others can read and change it.
import type { Socket } from 'node:net';
import { isLoopbackAddress, type LoopbackState } from '../../../shared/loopback';

/** `plain`: without TLS from another computer. */
export type Transport = 'tls' | 'loopback' | 'plain';

export function transportOf(socket: Socket): Transport {
  if ('encrypted' in socket && socket.encrypted === true) return 'tls';
  return isLoopbackAddress(socket.remoteAddress ?? '') ? 'loopback' : 'plain';
}

/** A replica of a cluster has the connection of the client, and has checked the host and the origin of the request. */
export interface Forwarder {
  /** Its token. */
  readonly replica: string;
  /** What it permits its own machine without a key. */
  readonly loopback: LoopbackState;
  /** The replica writes the answer of a job, which is this JSON. False: the client has left. */
  readonly handOver: (job: Uint8Array) => boolean;
}

/** Null: the connection of the client ends here. */
export const forwarderOf = (socket: object): Forwarder | null => ('forwarder' in socket ? (socket.forwarder as Forwarder) : null);

// Searches the local networks for pools (DNS-SD). Asks again and again: an answer can get lost, and pools come and go.
import type { Clock, Timer } from '../platform/clock';
import { poolsIn, QUESTION } from './core/dns-records';
import { isSamePools, type NearbyPools, withAnswer, withoutExpired } from './core/found-pools';
import { PerInterface } from './per-interface';

const ASK_INTERVAL_MS = 5000;
/** The first question or its answer may be lost. */
const ASK_AGAIN_MS = 1000;

export interface PoolBrowser {
  readonly pools: NearbyPools;
  stop(): Promise<void>;
}

/** `onChange`: after every change that a person would see. */
export type BrowsePools = (clock: Clock, onChange: (pools: NearbyPools) => void) => PoolBrowser;

export const browsePools: BrowsePools = (clock, onChange) => {
  let pools: NearbyPools = [];
  let timer: Timer | null = null;
  const replace = (next: NearbyPools): void => {
    const isChanged = !isSamePools(pools, next);
    pools = next;
    if (isChanged) onChange(pools);
  };
  const networks = new PerInterface(clock, {
    onOpened(socket) {
      socket.ask([QUESTION]);
    },
    onPacket({ isResponse, records }, _socket, lan) {
      if (!isResponse) return;
      for (const found of poolsIn(records, lan.name)) replace(withAnswer(pools, found, clock.monotonicMs()));
    },
    onClosing: () => undefined,
    onFault: () => undefined,
  });
  const askIn = (delayMs: number): void => {
    timer = clock.setTimer(delayMs, () => {
      replace(withoutExpired(pools, clock.monotonicMs()));
      for (const socket of networks.sockets) socket.ask([QUESTION]);
      askIn(ASK_INTERVAL_MS);
    });
  };
  askIn(ASK_AGAIN_MS);
  return {
    get pools() {
      return pools;
    },
    async stop() {
      timer?.cancel();
      await networks.stop();
    },
  };
};

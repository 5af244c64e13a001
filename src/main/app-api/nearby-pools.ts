// The pools nearby without the pool that this computer is in: a host hears its own announcement, and a member the one of its pool.
import type { NearbyView } from '../../shared/api/nearby';
import { hostedPinOf, joinedPinOf } from '../../shared/api/own-pool';
import type { AgentPort, HostPort, NearbyPort } from '../contracts/ports';
import { poolIdOf } from '../joining/pool-id';

export interface NearbySources {
  readonly nearby: NearbyPort;
  readonly agent: AgentPort | null;
  readonly host: HostPort | null;
}

/** Shows the view now and after each change of the pools nearby or of the own pool. Returns how to stop. */
export function followNearby({ nearby, agent, host }: NearbySources, show: (view: NearbyView) => void): () => void {
  let joinedPin = joinedPinOf(agent?.view() ?? null);
  let hostedPin = hostedPinOf(host?.view() ?? null);
  const showOthers = (): void => {
    const ownIds = [joinedPin, hostedPin].flatMap((pin) => (pin === null ? [] : [poolIdOf(pin)]));
    const view = nearby.view();
    show({ ...view, pools: view.pools.filter(({ id }) => !ownIds.includes(id)) });
  };
  const stops = [
    nearby.subscribe(showOthers),
    agent?.subscribe((view) => {
      const pin = joinedPinOf(view);
      if (pin === joinedPin) return;
      joinedPin = pin;
      showOthers();
    }),
    host?.subscribe((view) => {
      const pin = hostedPinOf(view);
      if (pin === hostedPin) return;
      hostedPin = pin;
      showOthers();
    }),
  ];
  showOthers();
  return () => {
    for (const stop of stops) stop?.();
  };
}

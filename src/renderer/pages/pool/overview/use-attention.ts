// What there is to do now.
import { useMemo } from 'react';
import { useClockPart } from '../../../clock/Clock';
import { useMissingModels } from '../../../queries/pool-history';
import { useApp } from '../../../store/Screen';
import { type Attention, attentionOf } from './attention';

const MINUTE_MS = 60_000;

export function useAttention(): readonly Attention[] {
  const nodes = useApp((app) => app.nodes);
  const joinRequests = useApp((app) => app.join_requests);
  const version = useApp(({ app, pool }) => pool?.scheduler_version ?? app.version);
  const massLoss = useApp(({ pool }) => pool?.mass_loss ?? null);
  // Whole minutes: the list is not computed each second.
  const nowWallMs = useClockPart((now) => Math.floor(now / MINUTE_MS) * MINUTE_MS);
  const missing = useMissingModels().value?.models;
  return useMemo(
    () => attentionOf({ nodes: nodes.values(), joinRequests, missing: missing ?? [], version, massLoss, nowWallMs }),
    [nodes, joinRequests, missing, version, massLoss, nowWallMs],
  );
}

// What there is to do now.
import { useMemo } from 'react';
import { useMinute } from '../../../clock/use-minute';
import { useMissingModels } from '../../../queries/pool-history';
import { useApp } from '../../../store/Screen';
import { type Attention, attentionOf } from './attention';

export function useAttention(): readonly Attention[] {
  const nodes = useApp((app) => app.nodes);
  const joinRequests = useApp((app) => app.join_requests);
  const version = useApp(({ app, pool }) => pool?.scheduler_version ?? app.version);
  const massLoss = useApp(({ pool }) => pool?.mass_loss ?? null);
  const nowWallMs = useMinute();
  const missing = useMissingModels().value?.models;
  return useMemo(
    () => attentionOf({ nodes: nodes.values(), joinRequests, missing: missing ?? [], version, massLoss, nowWallMs }),
    [nodes, joinRequests, missing, version, massLoss, nowWallMs],
  );
}

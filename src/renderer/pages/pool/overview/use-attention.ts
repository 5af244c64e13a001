// What needs attention now.
import { useMemo } from 'react';
import { useMissingModels } from '../../../queries/pool-history';
import { useApp } from '../../../store/Screen';
import { type Attention, attentionOf } from './attention';

export function useAttention(): readonly Attention[] {
  const nodes = useApp((app) => app.nodes);
  const joinRequests = useApp((app) => app.join_requests);
  const version = useApp(({ app, pool }) => pool?.scheduler_version ?? app.version);
  const missing = useMissingModels().value?.models;
  return useMemo(
    () => attentionOf({ nodes: nodes.values(), joinRequests, missing: missing ?? [], version }),
    [nodes, joinRequests, missing, version],
  );
}

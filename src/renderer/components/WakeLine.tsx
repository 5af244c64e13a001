// The sleeping node that is woken for a waiting job, with the time that the node needed before.
import type { JobWake } from '../../shared/api/wake';
import { useLabels } from '../i18n/use-labels';
import { NodeName } from './NodeName';
import { Rich } from './Rich';

export function WakeLine({ wake: { node_id: nodeId, seconds } }: { readonly wake: JobWake }) {
  const { format } = useLabels();
  const node = <NodeName nodeId={nodeId} />;
  return seconds === null ? (
    <Rich k="wake.node" values={{ node }} />
  ) : (
    <Rich k="wake.node_about" values={{ node, time: format.duration(seconds * 1000) }} />
  );
}

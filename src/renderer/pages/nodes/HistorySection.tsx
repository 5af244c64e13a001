// The history of a node: its last day, and charts of an hour or a day. Members see the states of other nodes, not their load.
import { useState } from 'react';
import { NODE_RANGE_NAMES, type NodeRange } from '../../../shared/api/node-history';
import type { NodeView } from '../../../shared/api/node-view';
import { Dim } from '../../components/Dim';
import { Segmented } from '../../components/Segmented';
import { useLabels } from '../../i18n/use-labels';
import { useNodeHistory } from '../../queries/node-history';
import { TimelineSection } from './TimelineSection';
import { UseCharts } from './UseCharts';

export interface HistorySectionProps {
  readonly node: NodeView;
  readonly hasLoad: boolean;
}

export function HistorySection({ node, hasLoad }: HistorySectionProps) {
  const { t } = useLabels();
  const [range, setRange] = useState<NodeRange>('1h');
  const day = useNodeHistory(node.node_id, '24h');
  const shown = useNodeHistory(node.node_id, range);
  // An older scheduler has no history of nodes.
  if (day.value === null) return day.error === null ? null : <Dim as="p">{t('nodes.no_history')}</Dim>;
  return (
    <>
      <TimelineSection node={node} history={day.value} />
      {hasLoad && shown.value !== null && (
        <section>
          <Segmented
            label={t('nodes.range_label')}
            choices={NODE_RANGE_NAMES.map((value) => ({ value, label: t(`nodes.range.${value}`) }))}
            value={range}
            onChange={setRange}
          />
          <UseCharts node={node} history={shown.value} />
        </section>
      )}
    </>
  );
}

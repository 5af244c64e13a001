// The nodes in a phone window: a card for each, with its jobs, status and two bars. Of a long list, more cards come at its end.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { slotsOf } from '../../../shared/api/availability';
import type { NodeView } from '../../../shared/api/node-view';
import { AvailabilityLabel, AvailabilityReason } from '../../components/Availability';
import { SimulatedBadge } from '../../components/Badge';
import { SharedNow } from '../../clock/Clock';
import { entriesOf, type Grouping } from '../../components/DataTable/entries';
import { DetailsLink } from '../../components/DetailsLink';
import { Dim } from '../../components/Dim';
import { useLabels } from '../../i18n/use-labels';
import { GpuUse, VramUse } from './node-columns';
import classes from './NodeCards.module.css';

const CARDS_AT_ONCE = 50;

export interface NodeCardsProps {
  readonly nodes: readonly NodeView[];
  readonly grouping: Grouping<NodeView> | undefined;
}

export function NodeCards({ nodes, grouping }: NodeCardsProps) {
  const { t, format } = useLabels();
  const [most, setMost] = useState(CARDS_AT_ONCE);
  const entries = entriesOf(nodes, ({ node_id }) => node_id, grouping).slice(0, most);
  const left = nodes.length - entries.filter(({ type }) => type === 'row').length;
  return (
    <SharedNow>
      <div className={classes['cards']}>
        {entries.map((entry) =>
          entry.type === 'group' ? (
            <h2 key={entry.key}>
              {entry.title} <span>{format.number(entry.count)}</span>
            </h2>
          ) : (
            <NodeCard key={entry.key} node={entry.row} />
          ),
        )}
        {left > 0 && (
          <Button variant="default" onClick={() => setMost(most + CARDS_AT_ONCE)}>
            {t('nodes.more', { count: left, shown: format.number(left) })}
          </Button>
        )}
      </div>
    </SharedNow>
  );
}

function NodeCard({ node }: { readonly node: NodeView }) {
  const { t, format } = useLabels();
  const { node_id: id, name, simulated } = node;
  const { used, total } = slotsOf(node);
  return (
    <article className={classes['card']}>
      <div className={classes['head']}>
        <DetailsLink page="nodes" id={id} label={t('nodes.details_of', { name })}>
          {name}
        </DetailsLink>
        {simulated && <SimulatedBadge />}
        <Dim as="span">{t('nodes.jobs_of', { used: format.number(used), total: format.number(total) })}</Dim>
      </div>
      <div className={classes['state']}>
        <AvailabilityLabel node={node} />
        <Dim as="span">
          <AvailabilityReason node={node} />
        </Dim>
      </div>
      <div className={classes['bars']}>
        <span aria-hidden="true">GPU</span>
        <GpuUse node={node} />
        <span aria-hidden="true">{t('nodes.model_vram')}</span>
        <VramUse node={node} />
      </div>
    </article>
  );
}

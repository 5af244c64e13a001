// The nodes in a phone window: a card for each, with its jobs, status and, for those who may see the load, two bars. Of a long list, more
// cards come at its end. An operator selects cards, and acts on all selected ones.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { slotsOf } from '../../../shared/api/availability';
import type { NodeView } from '../../../shared/api/node-view';
import { AvailabilityLabel, AvailabilityReason } from '../../components/Availability';
import { OwnBadge, SimulatedBadge } from '../../components/Badge';
import { hasSplitUse } from '../../components/bars/node-use';
import { UseLegend } from '../../components/bars/UseLegend';
import { BulkBar } from '../../components/DataTable/BulkBar';
import type { Column } from '../../components/DataTable/column';
import { entriesOf, type Grouping } from '../../components/DataTable/entries';
import { AllBox, RowBox, type SelectRow } from '../../components/DataTable/SelectBox';
import { type Selection, selectedPart } from '../../components/DataTable/selection';
import { SortList } from '../../components/DataTable/SortList';
import { useSelecting } from '../../components/DataTable/use-selecting';
import { useSorted } from '../../components/DataTable/use-sorted';
import type { TableRoute } from '../../components/DataTable/use-table-route';
import { DetailsLink } from '../../components/DetailsLink';
import { Dim } from '../../components/Dim';
import { useMay } from '../../components/RightNote';
import { useLabels } from '../../i18n/use-labels';
import { useApp } from '../../store/Screen';
import { BulkActions } from './BulkActions';
import { GpuUse, VramUse } from './node-columns';
import classes from './NodeCards.module.css';

const CARDS_AT_ONCE = 50;

export interface NodeCardsProps {
  readonly nodes: readonly NodeView[];
  readonly columns: readonly Column<NodeView>[];
  /** The order of the cards. */
  readonly table: Pick<TableRoute, 'sort' | 'setSort'>;
  readonly grouping: Grouping<NodeView> | undefined;
  /** Absent: the user may not act on nodes. */
  readonly selection?: Selection;
}

const NO_NODE: ReadonlySet<string> = new Set();
const keyOf = ({ node_id }: NodeView): string => node_id;

export function NodeCards({ nodes: unsorted, columns, table: { sort, setSort }, grouping, selection }: NodeCardsProps) {
  const { t, format } = useLabels();
  const [most, setMost] = useState(CARDS_AT_ONCE);
  const nodes = useSorted(unsorted, columns, sort);
  const order = nodes.map(keyOf);
  const { onSelect, onSelectAll } = useSelecting(selection, order);
  const selected = selection?.selected ?? NO_NODE;
  const chosen = nodes.filter((node) => selected.has(keyOf(node)));
  const entries = entriesOf(nodes, keyOf, grouping).slice(0, most);
  const left = nodes.length - entries.filter(({ type }) => type === 'row').length;
  return (
    <>
      <div className={classes['cards']}>
        <div className={classes['all']}>
          {selection !== undefined && <AllBox part={selectedPart(selected, order)} onSelectAll={onSelectAll} hasText />}
          <SortList columns={columns} sort={sort} onSort={setSort} />
        </div>
        {nodes.some(hasSplitUse) && <UseLegend kinds={['pool', 'owner']} whose="pool" />}
        {entries.map((entry) =>
          entry.type === 'group' ? (
            <h2 key={entry.key}>
              {entry.title} <span>{format.number(entry.count)}</span>
              {entry.note !== undefined && <small>{entry.note}</small>}
            </h2>
          ) : (
            <NodeCard
              key={entry.key}
              node={entry.row}
              isSelected={selected.has(entry.key)}
              onSelect={selection === undefined ? null : onSelect}
            />
          ),
        )}
        {left > 0 && (
          <Button variant="default" onClick={() => setMost(most + CARDS_AT_ONCE)}>
            {t('nodes.more', { count: left, shown: format.number(left) })}
          </Button>
        )}
      </div>
      {chosen.length > 0 && (
        <BulkBar count={chosen.length} onClear={() => selection?.setSelected(NO_NODE)}>
          <BulkActions nodes={chosen} />
        </BulkBar>
      )}
    </>
  );
}

interface NodeCardProps {
  readonly node: NodeView;
  readonly isSelected: boolean;
  /** Null: cards cannot be selected. */
  readonly onSelect: SelectRow | null;
}

function NodeCard({ node, isSelected, onSelect }: NodeCardProps) {
  const { t, format } = useLabels();
  const { node_id: id, name, simulated, online } = node;
  const ownId = useApp(({ agent }) => agent?.node_id ?? null);
  const seesLoad = useMay('view');
  const { used, total } = slotsOf(node);
  return (
    <article className={classes['card']} data-selected={isSelected || undefined}>
      <div className={classes['head']}>
        {onSelect !== null && <RowBox name={name} rowKey={id} isSelected={isSelected} onSelect={onSelect} />}
        <DetailsLink page="nodes" id={id} label={t('nodes.details_of', { name })}>
          {name}
        </DetailsLink>
        {simulated && <SimulatedBadge />}
        {id === ownId && <OwnBadge />}
        {online && <Dim as="span">{t('nodes.jobs_of', { used: format.number(used), total: format.number(total) })}</Dim>}
      </div>
      <div className={classes['state']}>
        <AvailabilityLabel node={node} />
        <Dim as="span">
          <AvailabilityReason node={node} />
        </Dim>
      </div>
      {seesLoad && (
        <div className={classes['bars']}>
          <span aria-hidden="true">GPU</span>
          <GpuUse node={node} />
          <span aria-hidden="true">{t('nodes.vram')}</span>
          <VramUse node={node} />
        </div>
      )}
    </article>
  );
}

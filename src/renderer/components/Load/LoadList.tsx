// The load of a node: for CPU, GPU and memory a bar from 0 to 100 % with figures, the limit, and whether the load is below it. The owner's
// share is hatched and starts at 0, the pool's share is solid and follows, the limit is a dashed line. Unknown is an empty dotted bar.
import { useLabels, type Labels } from '../../i18n/use-labels';
import { type Use, UseBar } from '../bars/UseBar';
import { UseLegend } from '../bars/UseLegend';
import { StatusLabel } from '../StatusLabel';
import type { LoadRow } from './load-rows';
import classes from './LoadList.module.css';

/** Whose computer: of the reader, or of another owner. */
export type Perspective = 'own' | 'node';

export interface LoadListProps {
  readonly rows: readonly LoadRow[];
  readonly perspective: Perspective;
  /** Beside the name of a row, such as `16 cores`. */
  readonly sizes?: Partial<Record<LoadRow['use'], string>>;
}

export function LoadList({ rows, perspective, sizes = {} }: LoadListProps) {
  const hasShares = rows.some(({ shares }) => shares !== null);
  const hasLimit = rows.some(({ limit }) => limit?.percent != null);
  return (
    <div className={classes['list']}>
      {rows.map((row) => (
        <LoadItem key={row.use} row={row} perspective={perspective} size={sizes[row.use]} />
      ))}
      {hasShares && <UseLegend kinds={hasLimit ? ['owner', 'pool', 'limit'] : ['owner', 'pool']} whose={perspective} />}
    </div>
  );
}

interface LoadItemProps {
  readonly row: LoadRow;
  readonly perspective: Perspective;
  readonly size: string | undefined;
}

function LoadItem({ row, perspective, size }: LoadItemProps) {
  const labels = useLabels();
  const { t } = labels;
  const figures = figuresText(labels, row, perspective);
  const name = t(`use_name.${row.use}`);
  return (
    <div className={classes['item']}>
      <div className={classes['head']}>
        <span>
          <b>{name}</b> {size !== undefined && <span className={classes['note']}>{size}</span>}
        </span>
        <span className={classes['figures']}>{figures}</span>
      </div>
      <UseBar
        label={name}
        use={useOf(row)}
        total={100}
        limit={row.limit?.percent ?? null}
        text={figures}
        figure={null}
        first="owner"
        size="tall"
      />
      <div className={classes['foot']}>
        <span className={classes['note']}>{limitText(labels, row, perspective)}</span>
        {row.result === 'above' && <StatusLabel shape="busy" label={t('load.above')} />}
        {row.result === 'below' && <StatusLabel shape="available" label={t('load.below')} />}
      </div>
    </div>
  );
}

const useOf = ({ totalPercent, shares }: LoadRow): Use => {
  if (shares !== null) return { owner: shares.ownerPercent, pool: shares.poolPercent };
  return totalPercent === null ? null : { used: totalPercent };
};

function figuresText({ t, format }: Labels, { totalPercent, shares }: LoadRow, perspective: Perspective): string {
  const share = (name: string, percent: number): string => t('load.share', { name, percent: format.percent(percent) });
  if (shares === null) return totalPercent === null ? t('unknown.none') : share(t('load.in_use'), totalPercent);
  return [share(t(`load.owner.${perspective}`), shares.ownerPercent), share(t('load.pool'), shares.poolPercent)].join(' · ');
}

function limitText({ t, format }: Labels, { limit }: LoadRow, perspective: Perspective): string {
  if (limit === null) return t('load.limit_unknown');
  const source = t(perspective === 'own' ? `own_limit_source.${limit.setBy}` : `limit_source.${limit.setBy}`);
  const value = limit.percent === null ? t('load.no_limit') : t('load.limit_value', { limit: format.percent(limit.percent) });
  return t('load.limit_by', { limit: value, source });
}

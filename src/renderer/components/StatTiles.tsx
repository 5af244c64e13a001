// Key figures side by side: the name, the figure with its unit, a note. Unknown is a dash.
import type { ReactNode } from 'react';
import { useLabels } from '../i18n/use-labels';
import classes from './StatTiles.module.css';

export interface StatTile {
  readonly label: string;
  /** Null: not known. */
  readonly figure: string | null;
  /** Beside the figure, e.g. `of 48` or `tokens/s`. */
  readonly unit?: string;
  readonly note?: ReactNode;
}

export interface StatTilesProps {
  readonly label: string;
  readonly tiles: readonly StatTile[];
}

export function StatTiles({ label: name, tiles }: StatTilesProps) {
  const { t } = useLabels();
  return (
    <div className={classes['frame']}>
      <dl className={classes['tiles']} aria-label={name}>
        {tiles.map(({ label, figure, unit, note }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className={classes['figure']}>
              <b>{figure ?? t('unknown.none')}</b>
              {figure !== null && unit !== undefined && <span> {unit}</span>}
            </dd>
            {note !== undefined && <dd className={classes['note']}>{note}</dd>}
          </div>
        ))}
      </dl>
    </div>
  );
}

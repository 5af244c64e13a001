// What the colours of bars and charts mean. Decoration for screen readers: each bar and chart says whose use it shows.
import { useLabels } from '../../i18n/use-labels';
import classes from './UseLegend.module.css';

export type LegendKind = 'pool' | 'owner' | 'used' | 'free' | 'limit';

export interface UseLegendProps {
  readonly kinds: readonly LegendKind[];
  /** Whose computer: of the reader, of another owner, or computers of several owners. */
  readonly whose: 'own' | 'node' | 'pool';
}

export function UseLegend({ kinds, whose }: UseLegendProps) {
  const { t } = useLabels();
  return (
    <span className={classes['legend']} aria-hidden="true">
      {kinds.map((kind) => (
        <span key={kind} data-kind={kind}>
          {kind === 'owner' ? t(`legend.owner.${whose}`) : t(`legend.${kind}`)}
        </span>
      ))}
    </span>
  );
}

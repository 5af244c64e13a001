// A bar from 0 to the total. When the used memory is unknown, the bar is empty and hatched, because unknown is not 0.
import { useLabels } from '../i18n/use-labels';
import classes from './MemoryBar.module.css';

export interface MemoryBarProps {
  readonly label: string;
  /** Null: not known. */
  readonly used: number | null;
  readonly total: number | null;
  /** The text for screen readers, instead of the figure. The text does not repeat the label. */
  readonly text: string;
}

export function MemoryBar({ label, used, total, text }: MemoryBarProps) {
  const { t } = useLabels();
  const known = used !== null && total !== null && total > 0;
  if (!known) return <div className={classes['bar']} data-unknown="" role="img" aria-label={`${label}${t('punctuation.colon')}${text}`} />;
  const percent = Math.min(100, Math.max(0, (used / total) * 100));
  return (
    <div
      className={classes['bar']}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={Math.min(used, total)}
      aria-valuetext={text}
    >
      <div className={classes['used']} style={{ width: `${String(percent)}%` }} />
    </div>
  );
}

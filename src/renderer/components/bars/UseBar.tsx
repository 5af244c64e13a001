// How much of something is used, from 0 to the total: the pool's part is solid, the owner's is hatched, load that is not divided is grey,
// the limit is a tick. Unknown is a dotted line and a dash, never 0. The figure beside the bar is never cut.
import type { ReactNode } from 'react';
import { useLabels } from '../../i18n/use-labels';
import classes from './UseBar.module.css';

/** Null: not reported. */
export type Use =
  | { readonly pool: number; readonly owner: number }
  /** Load that is not divided, but for the pool's part of it. */
  | { readonly used: number; readonly pool?: number }
  | null;

export interface UseBarProps {
  /** For screen readers: whose use of what, e.g. `VRAM of RTX 4090`. */
  readonly label: string;
  readonly use: Use;
  /** Null: not known. */
  readonly total: number | null;
  readonly limit?: number | null;
  /** The figure, e.g. `12.7 of 24 GB`. Shown beside the bar, unless `figure` replaces it. */
  readonly text: string;
  /** With parts in bold; null: the page shows the figure elsewhere. */
  readonly figure?: ReactNode;
  /** The owner's load is compared with the limit, so it starts at 0. VRAM has no limit: the pool's part comes first. */
  readonly first?: 'pool' | 'owner';
  readonly size?: 'small' | 'tall';
}

export function UseBar({ label, use, total, limit = null, text, figure = text, first = 'pool', size = 'small' }: UseBarProps) {
  const { t } = useLabels();
  const isKnown = use !== null && total !== null && total > 0;
  const name = `${label}${t('punctuation.colon')}${isKnown ? text : t('unknown.not_reported')}`;
  const percentOf = (value: number): number => Math.min(100, Math.max(0, (value / (total ?? 1)) * 100));
  const parts = isKnown ? partsOf(use, first) : [];
  return (
    <span className={classes['use']}>
      <span className={classes['bar']} role="img" aria-label={name} data-unknown={isKnown ? undefined : ''} data-size={size}>
        {parts.map(({ kind, from, to }) => (
          <i key={kind} data-kind={kind} style={{ width: `${String(percentOf(to) - percentOf(from))}%` }} />
        ))}
        {limit !== null && total !== null && <b style={{ left: `${String(percentOf(limit))}%` }} />}
      </span>
      {figure !== null && (
        <span className={classes['figure']} aria-hidden="true">
          {isKnown ? figure : t('unknown.none')}
        </span>
      )}
    </span>
  );
}

interface Part {
  readonly kind: 'pool' | 'owner' | 'used';
  readonly from: number;
  readonly to: number;
}

/** A part without use has no element: it would leave a thin edge. */
function partsOf(use: NonNullable<Use>, first: 'pool' | 'owner'): readonly Part[] {
  const parts = 'used' in use ? usedParts(use) : dividedParts(use, first);
  return parts.filter(({ from, to }) => to > from);
}

const usedParts = ({ used, pool = 0 }: Extract<NonNullable<Use>, { readonly used: number }>): readonly Part[] => [
  { kind: 'pool', from: 0, to: pool },
  { kind: 'used', from: pool, to: used },
];

function dividedParts(use: Extract<NonNullable<Use>, { readonly owner: number }>, first: 'pool' | 'owner'): readonly Part[] {
  const second = first === 'pool' ? 'owner' : 'pool';
  return [
    { kind: first, from: 0, to: use[first] },
    { kind: second, from: use[first], to: use[first] + use[second] },
  ];
}

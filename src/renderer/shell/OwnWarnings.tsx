// The warnings of this computer: as lines that name the cause, and in narrow windows as one mark with their number. Each is a link to the
// page of its cause.
import { memo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { StatusShape } from '../components/StatusShape';
import { type Labels, useLabels } from '../i18n/use-labels';
import { hrefOf } from '../routes';
import { useApp } from '../store/Screen';
import { type OwnWarning, ownWarnings, type WarningSource } from './own-warnings';
import classes from './OwnWarnings.module.css';

const sourceOf = ({ agent, host, pool }: WarningSource): WarningSource => ({ agent, host, pool });

const useOwnWarnings = (labels: Labels): readonly OwnWarning[] => ownWarnings(useApp(useShallow(sourceOf)), labels);

export const WarningLines = memo(function WarningLines() {
  const labels = useLabels();
  const warnings = useOwnWarnings(labels);
  if (warnings.length === 0) return null;
  return (
    <div className={classes['lines']}>
      {warnings.map(({ kind, text, target }) => (
        <a key={kind} href={hrefOf(target)}>
          <StatusShape shape="degraded" size={12} />
          <span>{text}</span>
        </a>
      ))}
    </div>
  );
});

/** Leads to the most urgent cause; its title names all causes. The rail of icons has no space for the word beside the number. */
export const WarningMark = memo(function WarningMark({ hasWord = false }: { readonly hasWord?: boolean }) {
  const labels = useLabels();
  const { t, format } = labels;
  const warnings = useOwnWarnings(labels);
  const [first] = warnings;
  if (first === undefined) return null;
  const count = warnings.reduce((sum, warning) => sum + warning.count, 0);
  const causes = warnings.map(({ text }) => text).join(t('punctuation.semicolon'));
  return (
    <a
      className={classes['mark']}
      href={hrefOf(first.target)}
      title={causes}
      aria-label={`${t('rail.warnings', { count })}${t('punctuation.colon')}${causes}`}
    >
      <StatusShape shape="degraded" size={14} />
      {hasWord ? t('rail.warnings', { count }) : format.number(count)}
    </a>
  );
});

// The choice of the period and of what the bars are divided by, in the toolbar.
import { TextInput } from '@mantine/core';
import { dayNumberOf, dayOf, USAGE_DAYS } from '../../../shared/api/usage';
import { useClockPart } from '../../clock/Clock';
import { Segmented } from '../../components/Segmented';
import { useLabels } from '../../i18n/use-labels';
import { PERIODS, type Period, rangeOf, type RangeFault, type Subject, type UsageView } from './usage-view';
import classes from './UsagePage.module.css';

export interface UsageToolsProps {
  readonly view: UsageView;
  /** What may be chosen. */
  readonly subjects: readonly Subject[];
  readonly fault: RangeFault | null;
  readonly onChange: (view: UsageView) => void;
}

export function UsageTools({ view, subjects, fault, onChange }: UsageToolsProps) {
  const { t } = useLabels();
  const today = useClockPart(dayNumberOf);
  const choose = (period: Period): void => {
    const shown = rangeOf(view, today);
    // The own period begins with the days that are shown.
    onChange({ ...view, period, ...(period === 'custom' && typeof shown !== 'string' ? shown : {}) });
  };
  return (
    <div className={classes['tools']}>
      <Segmented
        label={t('usage.period')}
        choices={PERIODS.map((value) => ({ value, label: t(`usage.periods.${value}`) }))}
        value={view.period}
        onChange={choose}
      />
      {subjects.length > 1 && (
        <Segmented
          label={t('usage.by')}
          choices={subjects.map((value) => ({ value, label: t(`usage.subject.${value}`) }))}
          value={view.subject}
          onChange={(subject) => onChange({ ...view, subject })}
        />
      )}
      {view.period === 'custom' && (
        <div className={classes['days']}>
          {(['from', 'to'] as const).map((end) => (
            <TextInput
              key={end}
              type="date"
              size="xs"
              label={t(`usage.${end}`)}
              value={view[end]}
              min={dayOf(today - USAGE_DAYS + 1)}
              max={dayOf(today)}
              aria-invalid={fault !== null}
              onChange={(event) => onChange({ ...view, [end]: event.currentTarget.value })}
            />
          ))}
          {fault !== null && (
            <p className={classes['fault']} role="alert">
              {t(`usage.fault.${fault}`)}
            </p>
          )}
        </div>
      )}
    </div>
  );
}

// The choice of the period and of what the bars are divided by, in the toolbar.
import { Button, TextInput } from '@mantine/core';
import { dayNumberOf, dayOf, USAGE_DAYS } from '../../../shared/api/usage';
import { useClockPart } from '../../clock/Clock';
import { Icon } from '../../components/Icon';
import { KeyLimits } from '../../components/KeyLimits';
import { useMay } from '../../components/RightNote';
import { Segmented } from '../../components/Segmented';
import { useLabels } from '../../i18n/use-labels';
import { useKeysById } from '../../queries/keys';
import { type DayRange, type RangeFaults, type Part, PERIODS, type Period, type Subject, type UsageView } from './usage-view';
import { pageOf } from './usage-columns';
import classes from './UsagePage.module.css';

export interface UsageToolsProps {
  readonly view: UsageView;
  /** What may be chosen. */
  readonly subjects: readonly Subject[];
  /** The days of the figures. */
  readonly shown: DayRange;
  readonly faults: RangeFaults;
  /** Of the only key, model or node that is shown. Null: all. */
  readonly onlyName: string | null;
  readonly onChange: (view: UsageView) => void;
}

export function UsageTools({ view, subjects, shown, faults, onlyName, onChange }: UsageToolsProps) {
  const { t } = useLabels();
  const today = useClockPart(dayNumberOf);
  const choose = (period: Period): void => {
    // The own period begins with the days that are shown.
    onChange({ ...view, period, ...(period === 'custom' ? shown : {}) });
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
              errorProps={{ role: 'alert' }}
              error={faults[end] === undefined ? undefined : t(`usage.fault.${faults[end]}`)}
              onChange={(event) => onChange({ ...view, [end]: event.currentTarget.value })}
            />
          ))}
        </div>
      )}
      {view.only !== null && onlyName !== null && (
        <Only part={view.only} name={onlyName} onClose={(subject) => onChange({ ...view, only: null, subject })} />
      )}
    </div>
  );
}

interface OnlyProps {
  readonly part: Part;
  readonly name: string;
  /** `subject`: by what the use of all is divided again. */
  readonly onClose: (subject: Subject) => void;
}

/** The only part that is shown, with the way back to all, its page, and the limits of a key with its use of today. */
function Only({ part: { subject, id }, name, onClose }: OnlyProps) {
  const { t } = useLabels();
  const key = useKeysById(useMay('manage') && subject === 'key').get(id);
  return (
    <span className={classes['only']}>
      <Button
        variant="default"
        size="compact-sm"
        rightSection={<Icon name="close" size={12} />}
        aria-label={`${t('usage.only', { name })}${t('punctuation.colon')}${t(`usage.all.${subject}`)}`}
        onClick={() => onClose(subject)}
      >
        {t('usage.only', { name })}
      </Button>
      <a href={pageOf(subject, id)}>{t(`usage.page.${subject}`)}</a>
      {key !== undefined && <KeyLimits limits={key.limits} use={key.use ?? null} lines={1} />}
    </span>
  );
}

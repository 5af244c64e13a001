// The rules of the owner below the limits: what pauses this computer, with its present value and a switch. Rules with lists are changed in the
// settings.
import { Switch } from '@mantine/core';
import { StatusLabel } from '../StatusLabel';
import { useLabels } from '../../i18n/use-labels';
import classes from './RuleRows.module.css';

export interface RuleRow {
  readonly key: string;
  readonly title: string;
  /** What the rule is judged from. Null: the switch says that it is off. */
  readonly now: string | null;
  readonly isPausing: boolean;
  readonly link: { readonly text: string; readonly label: string; readonly href: string } | null;
  /** Null: changed by the link alone. */
  readonly toggle: { readonly isOn: boolean; readonly isLocked: boolean; readonly set: (isOn: boolean) => void } | null;
}

export function RuleRows({ rows }: { readonly rows: readonly RuleRow[] }) {
  const { t } = useLabels();
  return (
    <ul className={classes['rows']}>
      {rows.map(({ key, title, now, isPausing, link, toggle }) => (
        <li key={key} className={classes['row']}>
          <span className={classes['text']}>
            <span>{title}</span>
            {now !== null && <small>{now}</small>}
          </span>
          {isPausing && <StatusLabel shape="paused" label={t('rules.pauses')} />}
          {link !== null && (
            <a href={link.href} aria-label={link.label}>
              {link.text}
            </a>
          )}
          {toggle !== null && (
            <Switch
              aria-label={title}
              checked={toggle.isOn}
              disabled={toggle.isLocked}
              onChange={(event) => toggle.set(event.currentTarget.checked)}
            />
          )}
        </li>
      ))}
    </ul>
  );
}

// The rules of the owner below the limits: what pauses this computer, with its present value and a switch. A rule with a list opens below its
// row.
import { Button, Switch } from '@mantine/core';
import { type ReactNode, useId, useState } from 'react';
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
  /** What the row opens, with the text of its button. */
  readonly panel: { readonly text: string; readonly label: string; readonly content: ReactNode } | null;
  /** Null: the rule is a list. */
  readonly toggle: { readonly isOn: boolean; readonly isLocked: boolean; readonly set: (isOn: boolean) => void } | null;
}

export function RuleRows({ rows }: { readonly rows: readonly RuleRow[] }) {
  const [openKey, setOpenKey] = useState<string | null>(null);
  return (
    <ul className={classes['rows']}>
      {rows.map((row) => (
        <Rule key={row.key} row={row} isOpen={openKey === row.key} onOpen={(isOpen) => setOpenKey(isOpen ? row.key : null)} />
      ))}
    </ul>
  );
}

interface RuleProps {
  readonly row: RuleRow;
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
}

function Rule({ row: { title, now, isPausing, link, panel, toggle }, isOpen, onOpen }: RuleProps) {
  const { t } = useLabels();
  const panelId = useId();
  return (
    <li className={classes['row']}>
      <span className={classes['text']}>
        <span>{title}</span>
        {now !== null && <small>{now}</small>}
      </span>
      {isPausing && <StatusLabel shape="paused" label={t('rules.pauses')} />}
      {link !== null && (
        <a className="link-target" href={link.href} aria-label={link.label}>
          {link.text}
        </a>
      )}
      {panel !== null && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={isOpen ? `${t('action.close')}${t('punctuation.colon')}${title}` : panel.label}
          aria-expanded={isOpen}
          aria-controls={isOpen ? panelId : undefined}
          onClick={() => onOpen(!isOpen)}
        >
          {isOpen ? t('action.close') : panel.text}
        </Button>
      )}
      {toggle !== null && (
        <Switch
          aria-label={title}
          checked={toggle.isOn}
          disabled={toggle.isLocked}
          onChange={(event) => toggle.set(event.currentTarget.checked)}
        />
      )}
      {panel !== null && isOpen && (
        <div id={panelId} className={classes['panel']}>
          {panel.content}
        </div>
      )}
    </li>
  );
}

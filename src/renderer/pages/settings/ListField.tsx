// A list of texts: each with a button that removes it, and a field for one more. Items that the program knows are buttons below it.
import { Button, CloseButton, TextInput } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { useLabels } from '../../i18n/use-labels';
import { Path } from '../../components/Path';
import classes from './SettingRow.module.css';

/** More are found by typing. */
const MOST_OFFERED = 6;

export interface ListFieldProps {
  readonly label: string;
  readonly values: readonly string[];
  /** An item as it is shown. */
  readonly textOf: (item: string) => string;
  /** A typed item as the configuration has it. */
  readonly itemOf: (typed: string) => string;
  /** Offered as buttons, besides others that can be typed. */
  readonly known: readonly string[];
  /** An example of an item. */
  readonly placeholder: string;
  readonly describedBy: string;
  readonly isRefused: boolean;
  readonly onChange: (values: string[]) => void;
}

export function ListField({ label, values, textOf, itemOf, known, placeholder, describedBy, isRefused, onChange }: ListFieldProps) {
  const { t } = useLabels();
  const [draft, setDraft] = useState('');
  const value = draft.trim();
  const offered = known.filter((item) => !values.includes(item) && item.toLowerCase().includes(value.toLowerCase())).slice(0, MOST_OFFERED);
  const add = (item: string): void => {
    setDraft('');
    if (item !== '' && !values.includes(item)) onChange([...values, item]);
  };
  const press = (event: KeyboardEvent): void => {
    // With an input method, Enter ends a word.
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) add(itemOf(value));
    if (event.key === 'Escape') setDraft('');
  };
  return (
    <div className={classes['list']}>
      {values.length > 0 && (
        <ul aria-label={label}>
          {values.map((item) => (
            <li key={item}>
              {textOf(item) === item ? <Path path={item} /> : <span>{textOf(item)}</span>}
              <CloseButton
                size="sm"
                aria-label={t('settings.remove', { value: textOf(item) })}
                onClick={() => onChange(values.filter((other) => other !== item))}
              />
            </li>
          ))}
        </ul>
      )}
      <div className={classes['adding']}>
        <TextInput
          size="xs"
          aria-label={t('settings.add_to', { title: label })}
          aria-describedby={describedBy}
          value={draft}
          placeholder={placeholder}
          error={isRefused}
          spellCheck={false}
          autoComplete="off"
          maxLength={4096}
          onChange={(event) => setDraft(event.currentTarget.value)}
          onKeyDown={press}
        />
        <Button size="xs" variant="default" disabled={value === ''} onClick={() => add(itemOf(value))}>
          {t('settings.add')}
        </Button>
      </div>
      {offered.length > 0 && (
        <div className={classes['offered']}>
          {offered.map((item) => (
            <Button
              key={item}
              size="compact-xs"
              leftSection="+"
              variant="default"
              aria-label={t('settings.add_item', { value: item })}
              onClick={() => add(item)}
            >
              {item}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}

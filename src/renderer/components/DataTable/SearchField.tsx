// A field that searches a list. The key / moves the focus to it.
import { TextInput } from '@mantine/core';
import { useMemo, useRef } from 'react';
import { useLabels } from '../../i18n/use-labels';
import { type Shortcut, useShortcuts } from '../shortcuts/use-shortcuts';
import classes from './SearchField.module.css';

export interface SearchFieldProps {
  readonly label: string;
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly onEnter?: () => void;
  readonly maxLength?: number;
}

export function SearchField({ label, search, onSearch, onEnter, maxLength = 256 }: SearchFieldProps) {
  const { t } = useLabels();
  const field = useRef<HTMLInputElement>(null);
  const shortcuts = useMemo(
    (): readonly Shortcut[] => [
      {
        keys: '/',
        label: t('shortcut.search'),
        run: () => {
          if (field.current === null) return false;
          field.current.focus();
          return true;
        },
      },
    ],
    [t],
  );
  useShortcuts(shortcuts);
  return (
    <TextInput
      ref={field}
      type="search"
      rightSection={search === '' && <kbd aria-hidden="true">/</kbd>}
      className={classes['field'] ?? ''}
      aria-label={label}
      placeholder={label}
      value={search}
      onChange={(event) => onSearch(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onEnter?.();
      }}
      maxLength={maxLength}
      spellCheck={false}
      autoComplete="off"
    />
  );
}

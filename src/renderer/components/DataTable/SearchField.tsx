// A field that searches a list. The key / moves the focus to it.
import { TextInput } from '@mantine/core';
import { type RefObject, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useLabels } from '../../i18n/use-labels';
import { KeyCaps } from '../shortcuts/KeyCaps';
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
  const isNarrow = useIsNarrow(field);
  return (
    <TextInput
      ref={field}
      type="search"
      rightSection={
        search === '' && (
          <span aria-hidden="true">
            <KeyCaps keys="/" />
          </span>
        )
      }
      className={classes['field'] ?? ''}
      aria-label={label}
      placeholder={isNarrow ? t('rail.search') : label}
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

/** In a narrower field, the names of the columns that are searched would be cut. */
const NARROW_PX = 200;

function useIsNarrow(field: RefObject<HTMLInputElement | null>): boolean {
  const [isNarrow, setIsNarrow] = useState(false);
  useLayoutEffect(() => {
    const input = field.current;
    if (input === null) return undefined;
    const sizes = new ResizeObserver(() => setIsNarrow(input.offsetWidth > 0 && input.offsetWidth < NARROW_PX));
    sizes.observe(input);
    return () => sizes.disconnect();
  }, [field]);
  return isNarrow;
}

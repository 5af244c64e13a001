// Further filters of a table, such as a tag or a GPU: a menu of the values with their counts, and a chip for each chosen filter, which
// removes the filter. Filters with the same key are alternatives; a row passes one of each key.
import { Button, Popover, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useLabels } from '../../i18n/use-labels';
import { ChoiceButton } from '../ChoiceButton';
import type { RouteFilter } from '../../routes';
import { FilterChip } from './FilterChip';
import { createSearch } from './search-rows';
import classes from './TableTools.module.css';

export interface FilterValue {
  readonly value: string;
  readonly label: string;
  /** The number of rows with this value. Null: not known, because not all rows are loaded. */
  readonly count: number | null;
}

export interface TableFilter {
  readonly key: string;
  readonly label: string;
  readonly values: readonly FilterValue[];
}

export interface FilterMenuProps {
  readonly filters: readonly TableFilter[];
  readonly chosen: readonly RouteFilter[];
  readonly onChange: (chosen: readonly RouteFilter[]) => void;
}

/** With more values than this, the menu has a search. */
const MOST_UNSEARCHED = 24;

export function FilterMenu({ filters, chosen, onChange }: FilterMenuProps) {
  const { t } = useLabels();
  const [isOpen, setIsOpen] = useState(false);
  const isChosen = (key: string, value: string): boolean => chosen.some((one) => one.key === key && one.value === value);
  const toggle = (key: string, value: string): void => {
    setIsOpen(false);
    onChange(isChosen(key, value) ? without(chosen, { key, value }) : [...chosen, { key, value }]);
  };
  const offered = filters.filter(({ values }) => values.length > 0);
  return (
    <>
      {chosen.flatMap((one) => {
        const filter = filters.find(({ key }) => key === one.key);
        if (filter === undefined) return [];
        const label = filter.values.find(({ value }) => value === one.value)?.label ?? one.value;
        return (
          <FilterChip
            key={`${one.key}:${one.value}`}
            name={`${filter.label}${t('punctuation.colon')}${label}`}
            onRemove={() => onChange(without(chosen, one))}
          />
        );
      })}
      {offered.length > 0 && (
        <Popover position="bottom-start" shadow="md" trapFocus returnFocus hideDetached={false} opened={isOpen} onChange={setIsOpen}>
          <Popover.Target>
            <Button
              variant="default"
              size="compact-sm"
              aria-label={t('table.add_filter')}
              leftSection={<span aria-hidden="true">+</span>}
              onClick={() => setIsOpen(!isOpen)}
            >
              {t('table.filter')}
            </Button>
          </Popover.Target>
          <Popover.Dropdown>
            <Values filters={offered} isChosen={isChosen} onToggle={toggle} />
          </Popover.Dropdown>
        </Popover>
      )}
    </>
  );
}

const searchValues = createSearch<FilterValue>(({ value, label }) => `${label} ${value}`);

interface ValuesProps {
  readonly filters: readonly TableFilter[];
  readonly isChosen: (key: string, value: string) => boolean;
  readonly onToggle: (key: string, value: string) => void;
}

function Values({ filters, isChosen, onToggle }: ValuesProps) {
  const { t, format } = useLabels();
  const [search, setSearch] = useState('');
  const total = filters.reduce((sum, { values }) => sum + values.length, 0);
  const found = filters
    .map((filter) => ({ ...filter, values: searchValues(filter.values, search) }))
    .filter(({ values }) => values.length > 0);
  return (
    <div className={classes['values']}>
      {total > MOST_UNSEARCHED && (
        <TextInput
          type="search"
          size="xs"
          className={classes['search'] ?? ''}
          aria-label={t('table.search_filters')}
          placeholder={t('table.search_filters')}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          maxLength={64}
          spellCheck={false}
          autoComplete="off"
        />
      )}
      {found.map(({ key, label, values }) => (
        <div key={key} role="group" aria-label={label}>
          <h3>{label}</h3>
          {values.map((one) => (
            <ChoiceButton
              key={one.value}
              isChosen={isChosen(key, one.value)}
              aside={one.count === null ? '' : format.number(one.count)}
              onClick={() => onToggle(key, one.value)}
            >
              {one.label}
            </ChoiceButton>
          ))}
        </div>
      ))}
      {found.length === 0 && <p className={classes['none']}>{t('table.none_found')}</p>}
    </div>
  );
}

const without = (chosen: readonly RouteFilter[], gone: RouteFilter): readonly RouteFilter[] =>
  chosen.filter(({ key, value }) => key !== gone.key || value !== gone.value);

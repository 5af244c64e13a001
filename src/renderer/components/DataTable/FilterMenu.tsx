// Further filters of a table, such as a tag or a GPU: a menu of the values with their counts, and a chip for each chosen filter, which
// removes the filter. Filters with the same key are alternatives; a row passes one of each key.
import { Button, Popover } from '@mantine/core';
import { useState } from 'react';
import { useLabels } from '../../i18n/use-labels';
import { ChoiceButton } from '../ChoiceButton';
import type { RouteFilter } from '../../routes';
import { FilterChip } from './FilterChip';
import classes from './TableTools.module.css';

export interface FilterValue {
  readonly value: string;
  readonly label: string;
  /** The number of rows with this value. */
  readonly count: number;
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

export function FilterMenu({ filters, chosen, onChange }: FilterMenuProps) {
  const { t, format } = useLabels();
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
            <div className={classes['values']}>
              {offered.map(({ key, label, values }) => (
                <div key={key} role="group" aria-label={label}>
                  <h3>{label}</h3>
                  {values.map((one) => (
                    <ChoiceButton
                      key={one.value}
                      isChosen={isChosen(key, one.value)}
                      aside={format.number(one.count)}
                      onClick={() => toggle(key, one.value)}
                    >
                      {one.label}
                    </ChoiceButton>
                  ))}
                </div>
              ))}
            </div>
          </Popover.Dropdown>
        </Popover>
      )}
    </>
  );
}

const without = (chosen: readonly RouteFilter[], gone: RouteFilter): readonly RouteFilter[] =>
  chosen.filter(({ key, value }) => key !== gone.key || value !== gone.value);

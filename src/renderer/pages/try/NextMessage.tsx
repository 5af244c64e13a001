// The options of the next message: temperature, longest answer, system prompt, node.
import { NativeSelect, NumberInput, type NumberInputProps, Textarea } from '@mantine/core';
import { useMemo, useState } from 'react';
import { ASK_LIMITS } from '../../../shared/api/ask';
import { distinctName } from '../../labels/node-name';
import { useLabels } from '../../i18n/use-labels';
import { useApp } from '../../store/Screen';
import type { ChatOptions } from './chat';
import classes from './NextMessage.module.css';

export interface NextMessageProps {
  readonly options: ChatOptions;
  readonly onChange: (options: ChatOptions) => void;
}

const MAX_SYSTEM_CHARACTERS = 100_000;
/** A longer list is no choice. */
const MAX_NODES = 500;

export function NextMessage({ options, onChange }: NextMessageProps) {
  const { t } = useLabels();
  const nodes = useNodes(options.nodeId);
  return (
    <section>
      <h2>{t('try_it.next')}</h2>
      <div className={classes['options']}>
        <NumberOption
          label={t('try_it.temperature')}
          min={0}
          max={2}
          step={0.1}
          decimalScale={2}
          value={options.temperature}
          onNumber={(temperature) => onChange({ ...options, temperature })}
        />
        <NumberOption
          label={t('try_it.longest')}
          min={1}
          max={ASK_LIMITS.maxTokens}
          step={256}
          allowDecimal={false}
          value={options.maxTokens}
          onNumber={(maxTokens) => onChange({ ...options, maxTokens })}
        />
        {nodes.length > 0 && (
          <NativeSelect
            size="xs"
            label={t('try_it.node')}
            value={options.nodeId ?? ''}
            onChange={(event) => onChange({ ...options, nodeId: event.currentTarget.value === '' ? null : event.currentTarget.value })}
            data={[{ value: '', label: t('try_it.any_node') }, ...nodes]}
          />
        )}
        <Textarea
          size="xs"
          label={t('try_it.system_prompt')}
          placeholder={t('try_it.system_placeholder')}
          rows={2}
          resize="vertical"
          maxLength={MAX_SYSTEM_CHARACTERS}
          value={options.systemPrompt}
          onChange={(event) => onChange({ ...options, systemPrompt: event.currentTarget.value })}
        />
      </div>
    </section>
  );
}

interface NumberOptionProps extends Omit<NumberInputProps, 'value' | 'onChange'> {
  readonly value: number | null;
  readonly onNumber: (value: number | null) => void;
}

/** Keeps a text such as `0.` while a person types. */
function NumberOption({ value, onNumber, ...props }: NumberOptionProps) {
  const { t } = useLabels();
  const [typed, setTyped] = useState<string | number>(value ?? '');
  return (
    <NumberInput
      {...props}
      size="xs"
      placeholder={t('try_it.model_decides')}
      value={typed}
      onChange={(next) => {
        setTyped(next);
        onNumber(typeof next === 'number' ? next : null);
      }}
    />
  );
}

/** By name, with the chosen one. Nodes change many times a second, their names seldom. */
function useNodes(chosen: string | null): readonly { readonly value: string; readonly label: string }[] {
  const names = useApp(({ nodes }) => JSON.stringify(Array.from(nodes.values(), (node) => [node.node_id, distinctName(node)])));
  return useMemo(
    () =>
      (JSON.parse(names) as (readonly [string, string])[])
        .map(([value, label]) => ({ value, label }))
        .sort((one, other) => one.label.localeCompare(other.label))
        .filter(({ value }, index) => index < MAX_NODES || value === chosen),
    [names, chosen],
  );
}

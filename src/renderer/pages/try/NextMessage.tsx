// The options of the next message: temperature, longest answer, system prompt, node.
import { NativeSelect, NumberInput, Textarea } from '@mantine/core';
import { useMemo } from 'react';
import { ASK_LIMITS } from '../../../shared/api/ask';
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
  const nodes = useNodes();
  const numberOf = (value: string | number): number | null => (typeof value === 'number' ? value : null);
  return (
    <section>
      <h2>{t('try_it.next')}</h2>
      <div className={classes['options']}>
        <NumberInput
          size="xs"
          label={t('try_it.temperature')}
          placeholder={t('try_it.model_decides')}
          min={0}
          max={2}
          step={0.1}
          decimalScale={2}
          value={options.temperature ?? ''}
          onChange={(value) => onChange({ ...options, temperature: numberOf(value) })}
        />
        <NumberInput
          size="xs"
          label={t('try_it.longest')}
          description={t('try_it.longest_unit')}
          inputWrapperOrder={['label', 'input', 'description']}
          placeholder={t('try_it.model_decides')}
          min={1}
          max={ASK_LIMITS.maxTokens}
          step={256}
          allowDecimal={false}
          value={options.maxTokens ?? ''}
          onChange={(value) => onChange({ ...options, maxTokens: numberOf(value) })}
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
          autosize
          minRows={1}
          maxRows={6}
          maxLength={MAX_SYSTEM_CHARACTERS}
          value={options.systemPrompt}
          onChange={(event) => onChange({ ...options, systemPrompt: event.currentTarget.value })}
        />
      </div>
    </section>
  );
}

/** By name. Nodes change many times a second, their names seldom. */
function useNodes(): readonly { readonly value: string; readonly label: string }[] {
  const names = useApp(({ nodes }) => JSON.stringify(Array.from(nodes.values(), ({ node_id: id, name }) => [id, name]).slice(0, MAX_NODES)));
  return useMemo(
    () =>
      (JSON.parse(names) as (readonly [string, string])[])
        .map(([value, label]) => ({ value, label }))
        .sort((one, other) => one.label.localeCompare(other.label)),
    [names],
  );
}

// A field for one node of the pool. A pool may have thousands of nodes: the field searches them and suggests a few.
import { Select } from '@mantine/core';
import { useMemo } from 'react';
import type { AppState } from '../../../../shared/api/app-state';
import { useLabels } from '../../../i18n/use-labels';
import { useApp } from '../../../store/Screen';

const SUGGESTED = 20;

interface NodeOption {
  readonly value: string;
  readonly label: string;
}

export interface NodeSelectProps {
  /** Empty: any node. */
  readonly nodeId: string;
  readonly onChange: (nodeId: string) => void;
}

export function NodeSelect({ nodeId, onChange }: NodeSelectProps) {
  const { t, language } = useLabels();
  const nodeOptions = useMemo(() => createNodeOptions(language), [language]);
  const options = useApp(({ nodes }) => nodeOptions(nodes));
  return (
    <Select
      label={t('dispatch.node')}
      placeholder={t('dispatch.any_node')}
      value={nodeId === '' ? null : nodeId}
      onChange={(value) => onChange(value ?? '')}
      data={options}
      limit={SUGGESTED}
      searchable
      clearable
      nothingFoundMessage={t('table.none_found')}
    />
  );
}

/** By name. The same array while no name changes: nodes change many times a second, their names seldom. */
function createNodeOptions(language: string): (nodes: AppState['nodes']) => NodeOption[] {
  let names = new Map<string, string>();
  let options: NodeOption[] = [];
  const { compare } = new Intl.Collator(language, { numeric: true });
  return (nodes) => {
    const isSame = nodes.size === names.size && [...nodes.values()].every(({ node_id, name }) => names.get(node_id) === name);
    if (!isSame) {
      names = new Map([...nodes.values()].map(({ node_id, name }) => [node_id, name]));
      options = optionsOf(names).sort((one, other) => compare(one.label, other.label));
    }
    return options;
  };
}

/** A name that several nodes have is shown with their ids. */
function optionsOf(names: ReadonlyMap<string, string>): NodeOption[] {
  const counts = new Map<string, number>();
  for (const name of names.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...names].map(([nodeId, name]) => ({ value: nodeId, label: counts.get(name) === 1 ? name : `${name} (${nodeId})` }));
}

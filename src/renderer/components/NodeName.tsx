// The name of a node by its id, with a short id while other nodes have the name; the id of a node that has left the pool.
import { useCallback } from 'react';
import type { NodeView } from '../../shared/api/node-view';
import { useLabels } from '../i18n/use-labels';
import { distinctName } from '../labels/node-name';
import { useApp, useScreen } from '../store/Screen';

export const NodeName = ({ nodeId }: { readonly nodeId: string }) => useNodeName(nodeId);

export const NodeNames = ({ nodeIds }: { readonly nodeIds: readonly string[] }) => useNamesOfNodes(nodeIds);

export function useNamesOfNodes(nodeIds: readonly string[]): string {
  const { t } = useLabels();
  return useApp(({ nodes }) => nodeIds.map((nodeId) => nameIn(nodes, nodeId)).join(t('punctuation.list')));
}

export function useNodeName(nodeId: string): string;
export function useNodeName(nodeId: string | null): string | null;
export function useNodeName(nodeId: string | null): string | null {
  return useApp(({ nodes }) => (nodeId === null ? null : nameIn(nodes, nodeId)));
}

/** Names at the time of the call: the caller does not render again when nodes change. */
export function useNodeNames(): (nodeId: string) => string {
  const { store } = useScreen();
  return useCallback((nodeId) => nameIn(store.getState().app?.nodes, nodeId), [store]);
}

function nameIn(nodes: ReadonlyMap<string, NodeView> | undefined, nodeId: string): string {
  const node = nodes?.get(nodeId);
  return node === undefined ? nodeId : distinctName(node);
}

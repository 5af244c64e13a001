// The name of a node by its id; the id of a node that has left the pool.
import { useCallback } from 'react';
import { useLabels } from '../i18n/use-labels';
import { useApp, useScreen } from '../store/Screen';

export const NodeName = ({ nodeId }: { readonly nodeId: string }) => useNodeName(nodeId);

export function NodeNames({ nodeIds }: { readonly nodeIds: readonly string[] }) {
  const { t } = useLabels();
  return useApp(({ nodes }) => nodeIds.map((nodeId) => nodes.get(nodeId)?.name ?? nodeId).join(t('punctuation.comma')));
}

export function useNodeName(nodeId: string): string;
export function useNodeName(nodeId: string | null): string | null;
export function useNodeName(nodeId: string | null): string | null {
  return useApp(({ nodes }) => (nodeId === null ? null : (nodes.get(nodeId)?.name ?? nodeId)));
}

/** Names at the time of the call: the caller does not render again when nodes change. */
export function useNodeNames(): (nodeId: string) => string {
  const { store } = useScreen();
  return useCallback((nodeId) => store.getState().app?.nodes.get(nodeId)?.name ?? nodeId, [store]);
}

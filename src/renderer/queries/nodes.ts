// Queries about the models of nodes, which the state leaves out: the models of one node, of the pool, and the nodes that have a model.
import type { NodeView } from '../../shared/api/node-view';
import type { ModelNodes } from '../../shared/api/pool-models';
import type { OperationResult } from '../../shared/api/app-api';
import { type Answer, useAnswer } from './use-answer';

const REFRESH_EVERY_MS = 5000;
/** While no model is ready: a person waits for the first one. */
const SEARCH_EVERY_MS = 1000;

/** The node with its models. */
export const useNode = (nodeId: string, isEnabled: boolean): Answer<NodeView> =>
  useAnswer('pool.node', { node_id: nodeId }, { isEnabled, everyMs: () => REFRESH_EVERY_MS });

export const useReadyModels = (isEnabled: boolean): Answer<OperationResult<'pool.models'>> =>
  useAnswer(
    'pool.models',
    {},
    {
      isEnabled,
      everyMs: (answer) => (answer?.models.length === 0 ? SEARCH_EVERY_MS : REFRESH_EVERY_MS),
    },
  );

/** `text` empty: no query. */
export const useNodesWithModel = (text: string): Answer<ModelNodes> =>
  useAnswer('pool.nodes_with_model', { model: text }, { isEnabled: text !== '', everyMs: () => REFRESH_EVERY_MS, keepsLast: true });

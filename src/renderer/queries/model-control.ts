// Actions on models of one node.
import { useCallback, useMemo } from 'react';
import type { AppError } from '../../shared/api/app-api';
import type { ModelAction } from '../../shared/protocol/model-control';
import { type OperationRun, useOperation } from './use-operation';

interface Running {
  readonly pending: boolean;
  readonly error: AppError | null;
  readonly clear: () => void;
}

export interface ModelControlOfNode {
  /** Actions without confirmation. */
  readonly operation: Running;
  /** Its errors are shown in the dialog that asks for confirmation. */
  readonly unloading: Running;
  readonly run: (modelId: string, action: ModelAction) => Promise<{ readonly ok: boolean }>;
}

/** The same object while nothing changes, so that tables keep their columns. */
export function useModelControl(nodeId: string): ModelControlOfNode {
  const [operation, unloading] = [useRunning(), useRunning()];
  const [runOther, runUnload] = [operation.run, unloading.run];
  const run = useCallback(
    (modelId: string, action: ModelAction) => (action === 'unload' ? runUnload : runOther)({ node_id: nodeId, model_id: modelId, action }),
    [runUnload, runOther, nodeId],
  );
  return useMemo(() => ({ operation, unloading, run }), [operation, unloading, run]);
}

function useRunning(): OperationRun<'pool.control_model'> {
  const { pending, error, clear, run } = useOperation('pool.control_model');
  return useMemo(() => ({ pending, error, clear, run }), [pending, error, clear, run]);
}

// What the owner does with the models of this computer, and the disk to which they are downloaded.
import { useMemo } from 'react';
import type { AppError, OperationParams } from '../../shared/api/app-api';
import type { ModelDisk } from '../../shared/api/own-models';
import { useAnswer } from './use-answer';
import { type OperationRun, useOperation } from './use-operation';

const DISK_EVERY_MS = 10_000;

/** Null: not known. */
export const useModelDisk = (isEnabled = true): ModelDisk | null =>
  useAnswer('models.storage', {}, { isEnabled, everyMs: () => DISK_EVERY_MS }).value?.disk ?? null;

export interface ModelActs {
  readonly download: (modelId: string) => void;
  readonly pause: (modelId: string) => void;
  readonly cancel: (modelId: string) => void;
  readonly control: (act: OperationParams<'models.control'>) => void;
  readonly share: (modelId: string, shared: boolean) => void;
  readonly measure: (modelId: string) => void;
}

export interface OwnModelActs {
  /** The same object in every render, so that tables keep their columns. */
  readonly acts: ModelActs;
  /** For the dialog that asks. */
  readonly removal: OperationRun<'models.remove'>;
  /** Why the last act failed, apart from a removal. */
  readonly error: AppError | null;
}

export function useOwnModelActs(): OwnModelActs {
  const runs = [
    useOperation('models.download'),
    useOperation('models.pause_download'),
    useOperation('models.cancel_download'),
    useOperation('models.control'),
    useOperation('models.share'),
    useOperation('agent.measure_model'),
  ] as const;
  const removal = useOperation('models.remove');
  const error = runs.map((run) => run.error).find((found) => found !== null) ?? null;
  const [download, pause, cancel, control, share, measure] = [runs[0].run, runs[1].run, runs[2].run, runs[3].run, runs[4].run, runs[5].run];
  const acts = useMemo(
    () => ({
      download: (model_id: string) => void download({ model_id }),
      pause: (model_id: string) => void pause({ model_id }),
      cancel: (model_id: string) => void cancel({ model_id }),
      control: (act: OperationParams<'models.control'>) => void control(act),
      share: (model_id: string, shared: boolean) => void share({ model_id, shared }),
      measure: (model_id: string) => void measure({ model_id }),
    }),
    [download, pause, cancel, control, share, measure],
  );
  return { acts, removal, error };
}

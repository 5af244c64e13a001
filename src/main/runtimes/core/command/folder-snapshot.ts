// What the model folders know -> the snapshot of a runtime. Pure.
import { tasksOf } from './audio-paths';
import type { LocalModel } from '../model-folders/local-model';
import type { RuntimeModel, RuntimeSnapshot } from '../runtime-snapshot';

export const FOLDERS_RUNTIME_ID = 'folders';

export const toFoldersSnapshot = (models: readonly LocalModel[], checkedAtMs: number): RuntimeSnapshot => ({
  runtime: {
    id: FOLDERS_RUNTIME_ID,
    flavour: 'folders',
    url: null,
    version: null,
    state: 'running',
    reasonCode: 'ok',
    details: {},
    checkedAtMs,
  },
  models: models.map(toRuntimeModel),
});

export const toRuntimeModel = (model: LocalModel): RuntimeModel => ({
  runtimeId: FOLDERS_RUNTIME_ID,
  model: {
    model_id: model.modelId,
    kind: model.kind,
    ...(model.srcLang === null ? {} : { src_lang: model.srcLang }),
    ...(model.tgtLang === null ? {} : { tgt_lang: model.tgtLang }),
    ...(model.dialect === null ? {} : { dialect: model.dialect }),
    version: model.version,
    enabled: true,
    tasks: tasksOf(model),
  },
  state: model.readiness.state,
  reasonCode: model.readiness.reasonCode,
  details: model.readiness.details,
  sizeBytes: model.sizeBytes,
  progress: model.readiness.progress,
  checkedAtMs: model.checkedAtMs,
});

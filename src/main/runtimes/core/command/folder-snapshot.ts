// Encodes the model folders as the snapshot of a runtime, with the task kinds that each command runs.
import type { LocalModel } from '../model-folders/local-model';
import type { RuntimeModel, RuntimeSnapshot } from '../runtime-snapshot';
import type { TaskKind } from '../../../../shared/protocol/task-kinds';
import { takesSpeech } from './speech';
import { takesTranscription } from './transcription';

export const FOLDERS_RUNTIME_ID = 'folders';

export const toFoldersSnapshot = (models: readonly LocalModel[], checkedAtWallMs: number): RuntimeSnapshot => ({
  runtime: {
    id: FOLDERS_RUNTIME_ID,
    type: 'folders',
    url: null,
    version: null,
    state: 'running',
    reasonCode: 'ok',
    details: {},
    checkedAtWallMs,
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
  checkedAtWallMs: model.checkedAtWallMs,
});

/** Commands, and the audio paths that suit the command. Empty: the manifest has no command. */
export function tasksOf({ command, kind, srcLang }: Pick<LocalModel, 'command' | 'kind' | 'srcLang'>): TaskKind[] {
  if (command === null) return [];
  const model = { command, kind, srcLang };
  return [
    'command',
    ...(takesTranscription(model) ? ['/v1/audio/transcriptions' as const] : []),
    ...(takesSpeech(model) ? ['/v1/audio/speech' as const] : []),
  ];
}

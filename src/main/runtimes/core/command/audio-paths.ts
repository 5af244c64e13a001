// Which of OpenAI's audio paths a model folder's command takes besides commands. Pure.
import type { TaskKind } from '../../../../shared/protocol/task-kinds';
import type { LocalModel } from '../model-folders/local-model';
import { speaks } from './speech';
import { transcribes } from './transcription';

/** Nothing where the manifest names no command. */
export function tasksOf({ command, kind, srcLang }: Pick<LocalModel, 'command' | 'kind' | 'srcLang'>): TaskKind[] {
  if (command === null) return [];
  const model = { command, kind, srcLang };
  return [
    'command',
    ...(transcribes(model) ? ['/v1/audio/transcriptions' as const] : []),
    ...(speaks(model) ? ['/v1/audio/speech' as const] : []),
  ];
}

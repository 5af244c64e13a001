// Which task kinds the command of a model folder runs: commands, and those of OpenAI's audio paths that suit it.
import type { TaskKind } from '../../../../shared/protocol/task-kinds';
import type { LocalModel } from '../model-folders/local-model';
import { takesSpeech } from './speech';
import { takesTranscription } from './transcription';

/** Empty: the manifest has no command. */
export function tasksOf({ command, kind, srcLang }: Pick<LocalModel, 'command' | 'kind' | 'srcLang'>): TaskKind[] {
  if (command === null) return [];
  const model = { command, kind, srcLang };
  return [
    'command',
    ...(takesTranscription(model) ? ['/v1/audio/transcriptions' as const] : []),
    ...(takesSpeech(model) ? ['/v1/audio/speech' as const] : []),
  ];
}

// Which program answers at an address: decided by bodies, never by the port. Only a server that has OpenAI's list, hides it behind a
// key, says that it is Ollama or was named by its owner is asked further; a stranger gets two requests and is left alone.
import { ollama, saysOllama } from './ollama';
import { anyServer } from './any-server';
import { llamaCpp } from './llama-cpp';
import { lmStudio } from './lm-studio';
import { localAi } from './localai';
import { MODELS } from './model-list';
import { musterPool } from './muster-pool';
import { vllm } from './vllm';
import { whisperCpp } from './whisper-cpp';
import type { RuntimeStatus } from '../runtime-snapshot';
import type { Answers } from './answers';
import { asksForKey, FIRST_SERVER_ERROR, type Flavour, httpReason, PAGE } from './server-type';

/** From the most telling to the least, what takes over another's paths before that other: the last takes what no other knows. */
export const FLAVOURS: readonly Flavour[] = [musterPool, localAi, ollama, lmStudio, llamaCpp, vllm, whisperCpp, anyServer];

export const FIRST_PATHS: readonly string[] = [MODELS, PAGE];

/** What to ask for besides `FIRST_PATHS`, after their answers; nothing when nothing there is like a runtime. `named`: by its owner. */
export function morePaths(answers: Answers, named: boolean): readonly string[] {
  const list = answers[MODELS];
  const isApi = asksForKey(list) || (list?.kind === 'answered' && typeof list.json === 'object' && list.json !== null);
  const isThere = FIRST_PATHS.some((path) => answers[path]?.kind === 'answered');
  if (!isApi && !saysOllama(answers[PAGE]) && !(named && isThere)) return [];
  return [...new Set(FLAVOURS.flatMap(({ paths }) => paths))].filter((path) => !FIRST_PATHS.includes(path));
}

/** Null: none that is known. */
export const recognise = (answers: Answers): Flavour | null => FLAVOURS.find((flavour) => flavour.matches(answers)) ?? null;

/** Why a question was not answered, or not by what was asked: the first reason; null when all were. */
export function troubleIn(answers: Answers): RuntimeStatus['reasonCode'] | null {
  for (const [path, answer] of Object.entries(answers)) {
    if (answer?.kind === 'failed') {
      // A page may be as large as it likes.
      if (path === PAGE && answer.code === 'too_large') continue;
      return answer.code;
    }
    if (answer !== undefined && answer.status >= FIRST_SERVER_ERROR) return httpReason(answer.status);
  }
  return null;
}

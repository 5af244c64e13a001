// Recognises the program at an address by the bodies of its answers, never by the port. An unknown program gets two requests. More
// requests are sent only to a server that has OpenAI's list, protects it with a key, identifies itself as Ollama or was configured.
import { ollama, isOllamaPage } from './ollama';
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
import { asksForKey, FIRST_SERVER_ERROR, type ServerType, httpReason, PAGE } from './server-type';

/** In order of precedence: a server that imitates the paths of another server comes before that server, and `anyServer` is last. */
export const SERVER_TYPES: readonly ServerType[] = [musterPool, localAi, ollama, lmStudio, llamaCpp, vllm, whisperCpp, anyServer];

export const FIRST_PATHS: readonly string[] = [MODELS, PAGE];

/** The paths to request after the answers to `FIRST_PATHS`. Empty: the program is not a runtime. `named`: the owner configured it. */
export function nextPaths(answers: Answers, named: boolean): readonly string[] {
  const list = answers[MODELS];
  const isApi = asksForKey(list) || (list?.kind === 'answered' && typeof list.json === 'object' && list.json !== null);
  const isAnswering = FIRST_PATHS.some((path) => answers[path]?.kind === 'answered');
  if (!isApi && !isOllamaPage(answers[PAGE]) && !(named && isAnswering)) return [];
  return [...new Set(SERVER_TYPES.flatMap(({ paths }) => paths))].filter((path) => !FIRST_PATHS.includes(path));
}

/** Null: the program is not a known server. */
export const recognise = (answers: Answers): ServerType | null => SERVER_TYPES.find((type) => type.matches(answers)) ?? null;

/** The first failed request or server error. Null: all requests were answered. */
export function faultIn(answers: Answers): RuntimeStatus['reasonCode'] | null {
  for (const [path, answer] of Object.entries(answers)) {
    if (answer?.kind === 'failed') {
      // A page may have any size.
      if (path === PAGE && answer.code === 'too_large') continue;
      return answer.code;
    }
    if (answer !== undefined && answer.status >= FIRST_SERVER_ERROR) return httpReason(answer.status);
  }
  return null;
}

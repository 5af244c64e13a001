// Which program answers at an address: decided by bodies, never by the port. Only a server that has OpenAI's list, or hides it
// behind a key, is asked further; a stranger gets three requests and is left alone.
import { ollama } from '../ollama/ollama-mapping';
import { anyServer } from '../openai-compatible/any-server-mapping';
import { llamaCpp } from '../openai-compatible/llama-cpp-mapping';
import { lmStudio } from '../openai-compatible/lm-studio-mapping';
import { localAi } from '../openai-compatible/localai-mapping';
import { MODELS } from '../openai-compatible/model-list-mapping';
import { musterPool } from '../openai-compatible/muster-pool-mapping';
import { vllm } from '../openai-compatible/vllm-mapping';
import { whisperCpp } from '../openai-compatible/whisper-cpp-mapping';
import type { Answers } from './answers';
import type { Flavour } from './flavour';

/** From the most telling to the least: the last takes what no other knows. */
export const FLAVOURS: readonly Flavour[] = [musterPool, ollama, lmStudio, llamaCpp, vllm, localAi, whisperCpp, anyServer];

export const FIRST_PATHS: readonly string[] = [MODELS, ...whisperCpp.paths];

/** What to ask for besides `FIRST_PATHS`, after their answers; nothing when no API answers. */
export function morePaths(answers: Answers): readonly string[] {
  const list = answers[MODELS];
  const isApi = list?.kind === 'answered' && typeof list.json === 'object' && list.json !== null;
  if (!isApi) return [];
  return [...new Set(FLAVOURS.flatMap(({ paths }) => paths))].filter((path) => !FIRST_PATHS.includes(path));
}

/** Null: none that is known. */
export const recognise = (answers: Answers): Flavour | null => FLAVOURS.find((flavour) => flavour.matches(answers)) ?? null;

// What Ollama says while it pulls a model: a line of JSON at a time, each a step, bytes of one layer, a failure or the end. Pure.
import { z } from 'zod';
import type { PullProgress } from './pull';
import { parseJson } from '../../../../shared/json';

const lineSchema = z.object({
  status: z.string().nullish(),
  digest: z.string().max(256).nullish(),
  total: z.number().min(0).nullish(),
  completed: z.number().min(0).nullish(),
  error: z.string().nullish(),
});

/** Its bytes are those of all layers told of so far; the first is by far the largest. */
export interface LayeredProgress extends PullProgress {
  readonly layers: Readonly<Record<string, { readonly completed: number; readonly total: number }>>;
}

export type PullStep =
  | { readonly kind: 'progress'; readonly progress: LayeredProgress }
  | { readonly kind: 'done' }
  /** In Ollama's words, with an HTTP status of 200. */
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'unreadable' };

export const NO_PROGRESS: LayeredProgress = { status: '', completedBytes: 0, totalBytes: 0, layers: {} };

const MAX_STATUS_CHARS = 128;
const MAX_MESSAGE_CHARS = 500;
/** A model has about five. */
const MAX_LAYERS = 1000;

export function afterLine(before: LayeredProgress, line: string): PullStep {
  const parsed = lineSchema.safeParse(parseJson(line));
  if (!parsed.success) return { kind: 'unreadable' };
  const { error } = parsed.data;
  const status = parsed.data.status ?? '';
  const digest = parsed.data.digest ?? '';
  const total = parsed.data.total ?? 0;
  const completed = parsed.data.completed ?? 0;
  if (error !== null && error !== undefined) return { kind: 'failed', message: error.slice(0, MAX_MESSAGE_CHARS) };
  if (status === 'success') return { kind: 'done' };
  const known = Object.keys(before.layers).length;
  const isLayer = digest !== '' && total > 0 && (known < MAX_LAYERS || Object.hasOwn(before.layers, digest));
  const layers = isLayer ? { ...before.layers, [digest]: { completed: Math.min(completed, total), total } } : before.layers;
  const all = Object.values(layers);
  return {
    kind: 'progress',
    progress: {
      status: status.slice(0, MAX_STATUS_CHARS),
      completedBytes: all.reduce((sum, layer) => sum + layer.completed, 0),
      totalBytes: all.reduce((sum, layer) => sum + layer.total, 0),
      layers,
    },
  };
}

/** What Ollama said with a status of its own, e.g. 400 for a name that is none. */
export function refusalIn(status: number, text: string): string {
  const parsed = lineSchema.safeParse(parseJson(text));
  return (parsed.data?.error ?? `HTTP status ${String(status)}`).slice(0, MAX_MESSAGE_CHARS);
}

// Parses the lines of JSON that Ollama sends during a download: progress of a layer, a failure or the end.
import { z } from 'zod';
import type { PullEnd, PullProgress } from './pull';
import { parseJson } from '../../../../shared/json';

const lineSchema = z.object({
  status: z.string().nullish(),
  digest: z.string().max(256).nullish(),
  total: z.number().min(0).nullish(),
  completed: z.number().min(0).nullish(),
  error: z.string().nullish(),
});

/** The sizes are sums over all layers reported so far. The first layer is by far the largest. */
export interface LayeredProgress extends PullProgress {
  readonly layers: Readonly<Record<string, { readonly completed: number; readonly total: number }>>;
}

export type PullStep =
  | { readonly kind: 'progress'; readonly progress: LayeredProgress }
  | { readonly kind: 'done' }
  /** Ollama's error message. The HTTP status is 200. */
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'unreadable' };

export const NO_PROGRESS: LayeredProgress = { status: '', completedBytes: 0, totalBytes: 0, layers: {} };

const MAX_STATUS_CHARS = 128;
const MAX_MESSAGE_CHARS = 500;
/** A model has about five layers. */
const MAX_LAYERS = 1000;

export function pullStepOf(before: LayeredProgress, line: string): PullStep {
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

/** Ollama 0.5 and later say so when the library answers 404 for the manifest. */
const NO_MANIFEST = 'pull model manifest: file does not exist';

/** The end of a download that Ollama refused, with its message. */
export const refusedPull = (message: string): PullEnd => ({
  end: 'failed',
  code: message === NO_MANIFEST ? 'pull_unknown' : 'pull_refused',
  message,
});

/** Ollama's error message for an HTTP status other than 200, e.g. 400 for an invalid name. */
export function refusalMessageOf(status: number, text: string): string {
  const parsed = lineSchema.safeParse(parseJson(text));
  return (parsed.data?.error ?? `HTTP status ${String(status)}`).slice(0, MAX_MESSAGE_CHARS);
}

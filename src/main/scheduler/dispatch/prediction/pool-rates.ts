// What the jobs of the whole pool show about a model (ADR 0024): the rates to expect of a node that has not run it yet, and the work to expect
// of a request.
import { generatesText, takesForm, type TaskKind } from '../../../../shared/protocol/task-kinds';
import { areRatesDoubtful, bothRates, bothRatesAt, hasRates, outputPerSecondAt } from '../../lifecycle/model-rates';
import type { NodeProfile, NodeRecord } from '../../lifecycle/node-record';
import type { RateClass, RequestWork } from './cost';
import { Medians } from './medians';
import type { RequestShape } from './request-shape';

/** The work that one job turned out to be. */
export interface WorkDone {
  /** Tokens of the prompt, or units of input. */
  readonly input: number;
  /** Tokens of the prompt that were in the cache. Null: the node did not report them. */
  readonly cached: number | null;
  readonly output: number | null;
}

/** The size of a request, as far as it is known. Null: the size that is expected of the model. */
export interface GivenSize {
  readonly input: number | null;
  readonly output: number | null;
}

interface ModelWork {
  /** Tokens or units of one request. */
  readonly input: number | null;
  /** Of the requests of sufficient size. Tokens or units per character or byte are the ratio of both. */
  readonly measured: { readonly input: number; readonly size: number } | null;
  readonly output: number | null;
  readonly reuse: number;
}

const NOTHING_KNOWN: ModelWork = { input: null, measured: null, output: null, reuse: 0 };
/** Of a new job. */
const WEIGHT = 0.05;
/** English text. */
const TOKENS_PER_CHARACTER = 0.25;
const MIN_TOKENS_PER_CHARACTER = 0.05;
const MAX_TOKENS_PER_CHARACTER = 2;
/** A shorter prompt shows its template more than its text. */
const MIN_TEXT_CHARACTERS = 2048;
const MAX_TEXT_CHARACTERS = 8 * MIN_TEXT_CHARACTERS;
/** Seconds per byte, or units per byte or character, differ from the usual ones by this factor at most. */
const MAX_TIMES_USUAL = 16;
/** Compressed sound of 128 kbit/s. */
const SECONDS_PER_BYTE = 1 / 16_000;
const DEFAULT_OUTPUT_TOKENS = 300;
const DEFAULT_INPUT = 1000;
const DEFAULT_SECONDS_OF_SOUND = 60;
/** A measurement of the owner counts at most twice the median of the pool, and at least an eighth (ADR 0018). */
const MAX_TIMES_MEDIAN = 2;
const MIN_TIMES_MEDIAN = 1 / 8;
const MAX_GPU_NAME_CHARACTERS = 200;

export class PoolRates {
  /** Of the nodes that have the model and ran it; by model, and by model and GPU. Doubtful rates count only when no others are known. */
  readonly #inputs = new Medians();
  readonly #outputs = new Medians();
  readonly #work = new Map<string, ModelWork>();

  /** Must be called with every changed record: `previous` is null for a new node, `next` for a removed one. */
  update(previous: NodeRecord | null, next: NodeRecord | null): void {
    if (previous?.rates === next?.rates && previous?.profile === next?.profile) return;
    for (const { keys, input, output } of shownRates(previous))
      for (const key of keys) {
        if (input !== null) this.#inputs.delete(key, input);
        if (output !== null) this.#outputs.delete(key, output);
      }
    for (const { keys, input, output } of shownRates(next))
      for (const key of keys) {
        if (input !== null) this.#inputs.add(key, input);
        if (output !== null) this.#outputs.add(key, output);
      }
    for (const modelId of previous?.rates.keys() ?? []) if (!this.isKnown(modelId)) this.#work.delete(modelId);
  }

  /** Whether a node of the pool ran the model. */
  isKnown(modelId: string): boolean {
    return [this.#inputs, this.#outputs].some((medians) => ofPool(medians, modelId) !== null);
  }

  /**
   * The rates to expect of a node that has not run the model: the owner's measurement, else the median of nodes with the same GPU, else the
   * median of the pool. Null: no node of the pool ran the model.
   */
  prior({ profile }: NodeRecord, modelId: string): RateClass | null {
    const ofAll = bothRates(ofPool(this.#inputs, modelId), ofPool(this.#outputs, modelId));
    if (ofAll === null) return null;
    const measured = profile.installedModels.find((model) => model.modelId === modelId)?.tokensPerSecond ?? null;
    if (measured === null) {
      const sameGpu = gpuKey(profile, modelId);
      const { input, output } = bothRates(this.#inputs.of(sameGpu), this.#outputs.of(sameGpu)) ?? ofAll;
      return { inputPerSecond: input, outputPerSecond: output };
    }
    // A GPU that is twice as fast at one is about twice as fast at the other.
    const share = Math.min(MAX_TIMES_MEDIAN, Math.max(MIN_TIMES_MEDIAN, measured / ofAll.output));
    return { inputPerSecond: ofAll.input * share, outputPerSecond: ofAll.output * share };
  }

  /** The estimated work of a request for the model. */
  workOf(modelId: string, shape: RequestShape): RequestWork {
    const { measured, output, reuse } = this.#work.get(modelId) ?? NOTHING_KNOWN;
    const expected = generatesText(shape.kind) ? (output ?? DEFAULT_OUTPUT_TOKENS) : 0;
    return {
      input: Math.max(1, shape.size * (ratioOf(measured) ?? usualInputPerSize(shape.kind))),
      output: Math.min(expected, shape.maxOutput ?? Infinity),
      reuse,
    };
  }

  /** The work to expect of a request of this kind. Kind null: not known; then the answer is generated if the model generated one before. */
  expectedWork(modelId: string, kind: TaskKind | null, given: GivenSize): RequestWork {
    const { input, output, reuse } = this.#work.get(modelId) ?? NOTHING_KNOWN;
    const expected = (kind === null ? ofPool(this.#outputs, modelId) !== null : generatesText(kind))
      ? (output ?? DEFAULT_OUTPUT_TOKENS)
      : 0;
    const usual = input ?? (takesForm(kind) ? DEFAULT_SECONDS_OF_SOUND : DEFAULT_INPUT);
    return { input: Math.max(1, given.input ?? usual), output: given.output ?? expected, reuse };
  }

  /** Tokens per character of prompts for the model. */
  tokensPerCharacter(modelId: string): number {
    return ratioOf(this.#work.get(modelId)?.measured ?? null) ?? TOKENS_PER_CHARACTER;
  }

  /** A job for the model has ended. Only for a model that a node ran: otherwise clients could fill the memory. */
  learn(modelId: string, shape: RequestShape, { input, cached, output }: WorkDone): void {
    if (!this.isKnown(modelId)) return;
    const before = this.#work.get(modelId) ?? NOTHING_KNOWN;
    const mean = (old: number | null, found: number | null): number | null =>
      found === null ? old : old === null ? found : old + WEIGHT * (found - old);
    this.#work.set(modelId, {
      input: mean(before.input, input),
      measured: afterRequest(before.measured, shape, input),
      output: mean(before.output, output),
      reuse: cached === null || input <= 0 ? before.reuse : before.reuse + WEIGHT * (Math.min(1, cached / input) - before.reuse),
    });
  }
}

interface ShownRates {
  readonly keys: readonly string[];
  readonly input: number | null;
  readonly output: number | null;
}

function shownRates(record: NodeRecord | null): readonly ShownRates[] {
  if (record === null) return [];
  const installed = new Set(record.profile.installedModels.map(({ modelId }) => modelId));
  return [...record.rates]
    .filter(([modelId]) => hasRates(record.rates, modelId) && installed.has(modelId))
    .map(([modelId, rates]) => ({
      keys: areRatesDoubtful(rates) ? [doubtfulKey(modelId)] : [modelId, gpuKey(record.profile, modelId)],
      input: rates.inputPerSecond,
      output: rates.samples > 0 ? outputPerSecondAt(rates, 1) : (bothRatesAt(rates, 1)?.output ?? null),
    }));
}

const ofPool = (medians: Medians, modelId: string): number | null => medians.of(modelId) ?? medians.of(doubtfulKey(modelId));

/** A model id does not begin with a line break. */
const doubtfulKey = (modelId: string): string => `\n${modelId}`;

function gpuKey({ hardware }: NodeProfile, modelId: string): string {
  const names = hardware.gpus.map(({ name }) => name).join('+');
  return `${modelId}\n${names.slice(0, MAX_GPU_NAME_CHARACTERS)}`;
}

function usualInputPerSize(kind: TaskKind): number {
  if (takesForm(kind)) return SECONDS_PER_BYTE;
  return isOther(kind) ? 1 : TOKENS_PER_CHARACTER;
}

/** No tokens, but characters or bytes. */
const isOther = (kind: TaskKind): boolean => kind === 'command' || kind === '/v1/audio/speech';

const ratioOf = (measured: ModelWork['measured']): number | null => (measured === null ? null : measured.input / measured.size);

/**
 * A ratio of sums, so that a few short prompts with a long template do not count as if each text had so many tokens. One long prompt counts
 * as several short ones at most.
 */
function afterRequest(before: ModelWork['measured'], { kind, size }: RequestShape, input: number): ModelWork['measured'] {
  const isText = !isOther(kind) && !takesForm(kind);
  if (size < (isText ? MIN_TEXT_CHARACTERS : 1)) return before;
  const usual = usualInputPerSize(kind);
  const [min, max] = isText ? [MIN_TOKENS_PER_CHARACTER, MAX_TOKENS_PER_CHARACTER] : [usual / MAX_TIMES_USUAL, usual * MAX_TIMES_USUAL];
  const counted = isText ? Math.min(size, MAX_TEXT_CHARACTERS) : size;
  const found = { input: Math.min(max, Math.max(min, input / size)) * counted, size: counted };
  if (before === null) return found;
  return { input: before.input + WEIGHT * (found.input - before.input), size: before.size + WEIGHT * (found.size - before.size) };
}

// Which model serves a request that names an alias or `auto` (ADR 0049). Decided once, at admission.
import { AUTO_MODEL } from '../../../../../shared/model-aliases';
import type { ServerPath } from '../../../../../shared/protocol/task-kinds';
import { takesPath } from '../../../../../shared/model-tasks';
import type { PoolModel } from '../../../dispatch/pool-models';

/** `not_allowed`: the key may not use it. `other_tasks`: it does not take the path. */
export type TargetState = 'ready' | 'not_ready' | 'other_tasks' | 'not_in_pool' | 'not_allowed';

/** How the model was chosen. `fallback`: a model before it was not ready. */
export type ChosenBy = 'alias' | 'fallback' | 'auto';

interface LeftOut {
  readonly model: string;
  readonly state: TargetState;
}

export interface ModelChoice {
  /** As the client asked. */
  readonly name: string;
  readonly model: string;
  readonly by: ChosenBy;
  /** The models before it. */
  readonly leftOut: readonly LeftOut[];
}

/** In which order a target is taken when none is ready: one that may become ready first, and never one that the key may not use. */
const PREFERENCE: readonly TargetState[] = ['ready', 'not_ready', 'other_tasks', 'not_in_pool'];

/** The first model that is ready, else the first that may become ready. Null: the key may use none of them. */
export function firstReady(name: string, models: readonly string[], stateOf: (model: string) => TargetState): ModelChoice | null {
  const targets = models.map((model) => ({ model, state: stateOf(model) }));
  for (const wanted of PREFERENCE) {
    const at = targets.findIndex(({ state }) => state === wanted);
    const found = targets[at];
    if (found !== undefined) return { name, model: found.model, by: at === 0 ? 'alias' : 'fallback', leftOut: targets.slice(0, at) };
  }
  return null;
}

/** What a request needs of its model besides the path. */
export interface Needs {
  readonly vision: boolean;
  readonly tools: boolean;
}

export const NO_NEEDS: Needs = { vision: false, tools: false };

/**
 * The best ready model for a path. A model that is known to lack what the request needs is left out. First comes a model with the abilities
 * that the request needs and a report of its tasks, then one that is in memory, then the larger one, then the one on more nodes.
 */
export function bestModel(models: readonly PoolModel[], paths: readonly ServerPath[], needs: Needs): PoolModel | null {
  const fit = models.filter((model) => paths.some((path) => takesPath(model, path)) && !lacks(model, needs));
  return fit.reduce<PoolModel | null>((best, model) => (best === null || isBetter(model, best, needs) ? model : best), null);
}

const NEEDED = ['vision', 'tools'] as const;

const lacks = ({ abilities }: PoolModel, needs: Needs): boolean => NEEDED.some((name) => needs[name] && abilities?.[name] === false);

const has = ({ abilities }: PoolModel, needs: Needs): boolean => NEEDED.every((name) => !needs[name] || abilities?.[name] === true);

function isBetter(one: PoolModel, other: PoolModel, needs: Needs): boolean {
  const ranks = [one, other].map((model) => [
    Number(has(model, needs)),
    Number(model.tasks !== null && model.kind !== 'other'),
    Number(model.nodesLoaded > 0),
    model.vramGb ?? 0,
    model.nodesReady,
  ]);
  const [left = [], right = []] = ranks;
  const at = left.findIndex((rank, index) => rank !== right[index]);
  return at < 0 ? one.modelId < other.modelId : (left[at] ?? 0) > (right[at] ?? 0);
}

const MAX_SEEN = 100_000;

/** Whether a chat, a message or a response has pictures or tools, by the fields that name them. Reads a bounded number of parts. */
export function needsOf(body: Readonly<Record<string, unknown>>): Needs {
  const { tools, functions, images } = body;
  let seen = 0;
  const isPicture = (part: unknown): boolean => {
    if (++seen > MAX_SEEN || typeof part !== 'object' || part === null) return false;
    if (Array.isArray(part)) return part.some(isPicture);
    const { type, content, images } = part as Readonly<Record<string, unknown>>;
    if (type === 'image_url' || type === 'input_image' || type === 'image') return true;
    return (Array.isArray(content) && isPicture(content)) || (Array.isArray(images) && images.length > 0);
  };
  return {
    vision: isPicture({ images }) || [body['messages'], body['input']].some((list) => Array.isArray(list) && isPicture(list)),
    tools: [tools, functions].some((list) => Array.isArray(list) && list.length > 0),
  };
}

const MAX_HEADER = 2048;

/** Visible ASCII without the signs that separate values; the rest is percent-encoded. */
const headerText = (text: string): string =>
  text.replaceAll(/[^!-~]|[%,=]/gu, (sign) => encodeURIComponent(sign.replace(/\p{Surrogate}/u, '\ufffd')));

/** Say which model serves the request, and why where the client named none. */
export function modelHeaders(model: string, choice: ModelChoice | null): Readonly<Record<string, string>> {
  const served = { 'x-muster-model': headerText(model) };
  if (choice === null) return served;
  const left = choice.leftOut.map((one) => `${headerText(one.model)}=${one.state}`).join(', ');
  return {
    ...served,
    'x-muster-alias': headerText(choice.name),
    'x-muster-model-choice': choice.by,
    ...(left === '' ? {} : { 'x-muster-models-left-out': left.slice(0, MAX_HEADER) }),
  };
}

export const autoChoice = (model: string): ModelChoice => ({ name: AUTO_MODEL, model, by: 'auto', leftOut: [] });

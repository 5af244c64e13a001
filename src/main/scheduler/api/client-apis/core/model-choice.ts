// Which model serves a request that names an alias or `auto` (ADR 0049). Decided once, at admission.
import type { Localized } from '../../../../../shared/language';
import { AUTO_MODEL } from '../../../../../shared/model-aliases';
import type { ServerPath } from '../../../../../shared/protocol/task-kinds';
import { takesPath } from '../../../../../shared/model-tasks';
import type { PoolModel } from '../../../dispatch/pool-models';

/** `other_tasks`: it does not take the path. */
export type TargetState = 'ready' | 'not_ready' | 'other_tasks' | 'not_in_pool';

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

/** In which order a target is taken when none is ready: one that may become ready first. */
const PREFERENCE: readonly TargetState[] = ['ready', 'not_ready', 'other_tasks', 'not_in_pool'];

/**
 * The first model that is ready, else the first that may become ready. `models`: those that the key may use. Null: there are none. A state reads the whole pool, so
 * those of the models after a ready one are not asked for.
 */
export function firstReady(name: string, models: readonly string[], stateOf: (model: string) => TargetState): ModelChoice | null {
  const targets: LeftOut[] = [];
  for (const model of models) {
    const state = stateOf(model);
    targets.push({ model, state });
    if (state === 'ready') break;
  }
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

/** Of the models that are ready, how many `auto` cannot use, each counted by its first reason. */
export interface Unfit {
  readonly ready: number;
  readonly notAllowed: number;
  readonly otherTasks: number;
  readonly lacking: number;
}

export function unfitOf(
  models: readonly PoolModel[],
  paths: readonly ServerPath[],
  needs: Needs,
  mayUse: (model: string) => boolean,
): Unfit {
  const allowed = models.filter(({ modelId }) => mayUse(modelId));
  const taking = allowed.filter((model) => paths.some((path) => takesPath(model, path)));
  return {
    ready: models.length,
    notAllowed: models.length - allowed.length,
    otherTasks: allowed.length - taking.length,
    lacking: taking.filter((model) => lacks(model, needs)).length,
  };
}

const NEEDED_IN_CHINESE = { vision: '图像输入', tools: '工具调用' } as const;

/** Why `auto` has no model, with the counts that are not zero. */
export function unfitText({ ready, notAllowed, otherTasks, lacking }: Unfit, paths: readonly ServerPath[], needs: Needs): Localized {
  if (ready === 0) return { en: 'no model is ready in the pool', zh: '算力池中没有就绪的模型' };
  const needed = NEEDED.filter((name) => needs[name]);
  const path = paths.join(' / ');
  const parts = [
    { count: notAllowed, en: 'not allowed for this key', zh: '不允许此密钥使用' },
    { count: otherTasks, en: `without ${path}`, zh: `不支持 ${path}` },
    { count: lacking, en: `without ${needed.join(' and ')}`, zh: `不支持${needed.map((name) => NEEDED_IN_CHINESE[name]).join('和')}` },
  ].filter(({ count }) => count > 0);
  return {
    en: `ready models: ${String(ready)}, of which ${parts.map(({ count, en }) => `${String(count)} ${en}`).join(', ')}`,
    zh: `已就绪的模型共 ${String(ready)} 个，其中 ${parts.map(({ count, zh }) => `${String(count)} 个${zh}`).join('，')}`,
  };
}

const MAX_SEEN = 100_000;
/** A picture in the result of a tool is at the depth of 4. */
const MAX_DEPTH = 16;

/** Whether a chat, a message or a response has pictures or tools, by the fields that name them. Reads a bounded number of parts. */
export function needsOf(body: Readonly<Record<string, unknown>>): Needs {
  const { tools, functions, images } = body;
  let seen = 0;
  const isPicture = (part: unknown, depth: number): boolean => {
    if (++seen > MAX_SEEN || depth > MAX_DEPTH || typeof part !== 'object' || part === null) return false;
    if (Array.isArray(part)) return part.some((one) => isPicture(one, depth + 1));
    const { type, content, images } = part as Readonly<Record<string, unknown>>;
    if (type === 'image_url' || type === 'input_image' || type === 'image') return true;
    return (Array.isArray(content) && isPicture(content, depth + 1)) || (Array.isArray(images) && images.length > 0);
  };
  return {
    vision: isPicture({ images }, 0) || [body['messages'], body['input']].some((list) => Array.isArray(list) && isPicture(list, 0)),
    tools: [tools, functions].some((list) => Array.isArray(list) && list.length > 0),
  };
}

/** Entries that would make the list longer are left out of the header. */
const MAX_HEADER = 2048;

/** Visible ASCII without the signs that separate values; the rest is percent-encoded. */
const headerText = (text: string): string =>
  text.replaceAll(/[^!-~]|[%,=]/gu, (sign) => encodeURIComponent(sign.replace(/\p{Surrogate}/u, '\ufffd')));

/** Of a request that named an alias or `auto`. */
export const aliasHeader = (name: string): Readonly<Record<string, string>> => ({ 'x-muster-alias': headerText(name) });

/** Say which model serves the request, and why where the client named none. */
export function modelHeaders(model: string, choice: ModelChoice | null): Readonly<Record<string, string>> {
  const served = { 'x-muster-model': headerText(model) };
  if (choice === null) return served;
  const left = choice.leftOut.reduce((text, one) => {
    const longer = `${text}${text === '' ? '' : ', '}${headerText(one.model)}=${one.state}`;
    return longer.length > MAX_HEADER ? text : longer;
  }, '');
  return {
    ...served,
    ...aliasHeader(choice.name),
    'x-muster-model-choice': choice.by,
    ...(left === '' ? {} : { 'x-muster-models-left-out': left }),
  };
}

export const autoChoice = (model: string): ModelChoice => ({ name: AUTO_MODEL, model, by: 'auto', leftOut: [] });

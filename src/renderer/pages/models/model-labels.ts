// The state of a model as shape and label, and its reason with names and numbers.
import { isDamaged } from '../../../shared/api/own-damage';
import { isOllamaName } from '../../../shared/api/own-models';
import type { ModelView } from '../../../shared/api/agent-view';
import { type ReadyPoolModel, takingNodes } from '../../../shared/api/pool-models';
import type { Shape } from '../../labels/shape';
import type { Labels } from '../../i18n/use-labels';
import { residencyLabel } from '../../labels/residency-labels';
import { type DiskLack, fileBytesOf } from './model-fit';
import { abilitiesOf, type ModelRow } from './model-rows';

export interface ModelStateLabel {
  readonly shape: Shape;
  readonly label: string;
}

/**
 * The state on this computer: a ready model is in memory or loads on use, a download is waiting, running or paused. Where its server does
 * not report the memory, the model is ready.
 */
export function ownStateLabel(model: ModelView, labels: Labels): ModelStateLabel {
  const { state, residency, reason_code: reason } = model;
  const { t } = labels;
  if (reason === 'pull_paused') return { shape: 'paused', label: withShare(t('own_models.paused'), model, labels) };
  if (reason === 'pull_waiting') return { shape: 'waiting', label: t('own_models.waiting') };
  if (state === 'ready' && residency === 'cold') return { shape: 'unloaded', label: t('own_models.loads_on_use') };
  if (residency !== undefined && (state === 'ready' || residency === 'loading')) return residencyLabel(residency, labels);
  return modelStateLabel(model, labels);
}

/** `Download paused, 38%`. */
function withShare(text: string, { progress }: ModelView, { t, format }: Labels): string {
  return progress === null ? text : `${text}${t('punctuation.comma')}${format.percent(Math.floor(progress * 100))}`;
}

/** `Q4_K_M`. Null: its server does not report it. */
export const quantisationOf = ({ details: { quantization } }: ModelView): string | null =>
  typeof quantization === 'string' && quantization !== '' ? quantization : null;

/** The length of prompt and answer that the model takes. Null: its server does not report it. */
export function contextText({ details }: ModelView, { t, format }: Labels): string | null {
  const tokensOf = (name: string): string | null => {
    const { [name]: tokens } = details;
    return typeof tokens === 'number' ? format.number(tokens) : null;
  };
  const [tokens, max] = [tokensOf('context_tokens'), tokensOf('max_context_tokens')];
  if (tokens === null) return max === null ? null : t('own_models.context_max', { max });
  return max === null ? t('own_models.context_tokens', { tokens }) : t('own_models.context_of', { tokens, max });
}

export interface DownloadFigures {
  /** `5.9 GB of 9.3 GB`. Null: not known yet. */
  readonly done: string | null;
  readonly percent: number;
  /** `41 MB/s`. Null: not known yet. */
  readonly speed: string | null;
  /** `1:22 left`. Null: not known. */
  readonly left: string | null;
}

export function downloadFigures({ details, progress }: ModelView, { t, format }: Labels): DownloadFigures {
  const figure = (name: string): number => (typeof details[name] === 'number' ? details[name] : 0);
  const [completed, total, perSecond] = [figure('completed_bytes'), figure('total_bytes'), figure('bytes_per_second')];
  const leftBytes = total - completed;
  const percent = Math.floor((progress ?? 0) * 100);
  const done = total > 0 ? t('models.detail_pull', { done: format.bytes(completed), total: format.bytes(total) }) : null;
  if (perSecond <= 0) return { percent, done, speed: null, left: null };
  return {
    percent,
    done,
    speed: t('own_models.per_second', { bytes: format.bytes(perSecond) }),
    left: leftBytes > 0 ? t('own_models.left', { time: format.duration((leftBytes / perSecond) * 1000) }) : null,
  };
}

/** Of the files. `~`: estimated, as where the disk has not enough space. */
export function sizeText({ own, neededGb }: ModelRow, { t, format }: Labels): string {
  const bytes = own?.size_bytes ?? null;
  if (bytes !== null && bytes > 0) return format.bytes(bytes);
  return neededGb === null || own?.size_bytes === 0
    ? t('unknown.none')
    : t('own_models.about', { size: format.bytes(fileBytesOf(neededGb)) });
}

/** The nodes of the pool that have it in memory, and those on which it is ready. */
export const poolCountText = (model: ReadyPoolModel, labels: Labels): string =>
  `${labels.t('own_models.loaded', { count: labels.format.number(model.nodes_loaded ?? 0) })} · ${readyText(model, labels)}`;

/** `2 ready, 1 failing`: a node on which the model fails repeatedly gives it no jobs. */
export function readyText(model: ReadyPoolModel, { t, format }: Labels): string {
  const { nodes_failing: failing = 0 } = model;
  const text = t('own_models.ready', { count: format.number(takingNodes(model)) });
  return failing === 0 ? text : `${text}${t('punctuation.comma')}${t('own_models.failing', { count: format.number(failing) })}`;
}

/** Null: a model without abilities, or they are not known. */
export const abilitiesText = (row: ModelRow, { t }: Labels): string | null =>
  abilitiesOf(row)
    .map((ability) => t(`own_models.ability.${ability}`))
    .join(t('punctuation.comma')) || null;

/** Why this computer does not download a model that would fit. Null: it does. */
export function noDownloadReason({ own, modelId, fit, diskLack }: ModelRow, canDownload: boolean, labels: Labels): string | null {
  const { t } = labels;
  if (own !== null || fit.kind === 'too_large') return null;
  if (!isOllamaName(modelId)) return t('own_models.not_in_library');
  if (!canDownload) return t('own_models.needs_ollama');
  return diskLack === null ? null : diskLackText(diskLack, labels);
}

export const diskLackText = ({ neededBytes, freeBytes }: DiskLack, { t, format }: Labels): string =>
  t('own_models.needs_disk', { needed: format.bytes(neededBytes), free: format.bytes(freeBytes) });

const LOADING = ['loading', 'runtime_starting'];

/** After the download Ollama checks the files and writes its manifest, without a number of bytes. */
const OLLAMA_VERIFIES = /^(verifying|writing)/;
const isVerifiedByOllama = ({ reason_code: reason, details: { status } }: ModelView): boolean =>
  reason === 'pulling' && typeof status === 'string' && OLLAMA_VERIFIES.test(status);

/** The files of the model are checked: its state says all. */
export const isVerifying = (model: ModelView): boolean => model.reason_code === 'verifying' || isVerifiedByOllama(model);

export function modelStateLabel(model: ModelView, { t, format }: Labels): ModelStateLabel {
  const { state, reason_code, progress } = model;
  const share = progress === null ? '' : ` ${format.percent(Math.floor(progress * 100))}`;
  if (state === 'ready') return { shape: 'ready', label: t('model_state.ready') };
  if (isVerifiedByOllama(model)) return { shape: 'registering', label: t('model_state.verifying') };
  if (reason_code === 'verifying') return { shape: 'registering', label: `${t('model_state.verifying')}${share}` };
  if (state === 'downloading') return { shape: 'registering', label: `${t('model_state.downloading')}${share}` };
  if (LOADING.includes(reason_code)) return { shape: 'registering', label: t('model_state.loading') };
  if (reason_code === 'not_loaded') return { shape: 'unloaded', label: t('model_state.not_loaded') };
  if (state === 'not_installed') return { shape: 'offline', label: t('model_state.not_installed') };
  return { shape: 'degraded', label: t(isDamaged(model) ? 'model_state.damaged' : 'model_state.error') };
}

export const modelReason = (model: ModelView, labels: Labels): string => {
  const { reason, detail } = reasonParts(model, labels);
  return reason + detail;
};

/** Its server loads the model now: that it is not loaded yet is no second state. */
const isLoading = ({ residency, reason_code: reason }: ModelView): boolean => residency === 'loading' && reason === 'not_loaded';

/** `detail`: names and numbers, with the colon before them. Empty: none. */
export function reasonParts(model: ModelView, labels: Labels): { readonly reason: string; readonly detail: string } {
  const detail = detailOf(model, labels);
  return {
    reason: labels.code('model_reason', isLoading(model) ? 'loading' : model.reason_code),
    detail: detail === '' ? '' : `${labels.t('punctuation.colon')}${detail}`,
  };
}

function detailOf(model: ModelView, labels: Labels): string {
  const { reason_code, details } = model;
  const { t, format } = labels;
  const text = (name: string): string => {
    const value = details[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const figure = (name: string, show: (value: number) => string): string => {
    const value = details[name];
    return typeof value === 'number' ? show(value) : text(name);
  };
  const path = text('path');
  if ((reason_code === 'size_differs' || reason_code === 'incomplete') && path !== '') {
    return t('models.detail_differs', { path, expected: figure('expected', format.bytes), found: figure('found', format.bytes) });
  }
  if (reason_code === 'gpu_too_small') {
    return t('models.detail_gpu', { wanted: figure('expected_gb', format.gb), found: figure('found_gb', format.gb) });
  }
  if (reason_code === 'pulling') {
    const { done, speed, left } = downloadFigures(model, labels);
    return done === null ? text('status') : [done, speed, left].filter((part) => part !== null).join(' · ');
  }
  if (reason_code === 'pull_refused') return text('runtime_message');
  return path || text('process');
}

/** The supported tasks; null: unknown. */
export function modelTasks({ tasks }: Pick<ModelView, 'tasks'>, { t, code }: Labels): string | null {
  if (tasks === undefined) return null;
  if (tasks.length === 0) return t('models.no_tasks');
  return tasks.map((task) => code('task', task)).join(t('punctuation.list'));
}

/** The folder of the model, or the id of its model server. */
export const locationOf = ({ folder, runtime_id }: ModelView): string => (folder === '' ? (runtime_id ?? '') : folder);

/** `en → zh`, or null for a model without languages. */
export function languagesOf({ src_lang, tgt_lang }: Pick<ModelView, 'src_lang' | 'tgt_lang'>): string | null {
  const languages = [src_lang, tgt_lang].filter((language) => language !== null);
  return languages.length === 0 ? null : languages.join(' → ');
}

/** By which names clients may ask for the model, or which model has its name. Null: it has its own name alone. */
export function namesText({ pool }: Pick<ModelRow, 'pool'>, { t }: Labels): string | null {
  const { aliases = [], replaced_by: other } = pool ?? {};
  const parts = [
    ...(aliases.length === 0 ? [] : [t('own_models.also', { names: aliases.join(t('punctuation.list')) })]),
    ...(other === undefined ? [] : [t('own_models.replaced', { model: other })]),
  ];
  return parts.length === 0 ? null : parts.join(t('punctuation.comma'));
}

/** The estimated VRAM, as a fact. Null: not known. */
export function fitText(fit: ModelRow['fit'], { t, format }: Labels): string | null {
  if (fit.kind === 'unknown') return null;
  const [needed, total] = [format.gb(fit.neededGb), format.gb(fit.totalGb)];
  return fit.kind === 'too_large'
    ? t('own_models.download_too_large', { size: needed, total })
    : t('own_models.fit_fact', { needed: t('own_models.about', { size: needed }), total });
}

// A model's state as shape and word, and its reason with the names and numbers behind it.
import type { ModelView } from '../../../shared/api/agent-view';
import type { Shape } from '../../components/StatusShape';
import type { Words } from '../../i18n/use-words';

export interface ModelStateWords {
  readonly shape: Shape;
  readonly word: string;
}

const LOADING = ['loading', 'runtime_starting'];
const DAMAGE = ['checksum_differs', 'size_differs'];

export function modelState({ state, reason_code, progress }: ModelView, { t, format }: Words): ModelStateWords {
  const share = progress === null ? '' : ` ${format.percent(Math.floor(progress * 100))}`;
  if (state === 'ready') return { shape: 'ready', word: t('model_state.ready') };
  if (reason_code === 'verifying') return { shape: 'registering', word: `${t('model_state.verifying')}${share}` };
  if (state === 'downloading') return { shape: 'registering', word: `${t('model_state.downloading')}${share}` };
  if (LOADING.includes(reason_code)) return { shape: 'registering', word: t('model_state.loading') };
  if (reason_code === 'not_loaded') return { shape: 'offline', word: t('model_state.not_loaded') };
  if (state === 'not_installed') return { shape: 'offline', word: t('model_state.not_installed') };
  return { shape: 'degraded', word: t(DAMAGE.includes(reason_code) ? 'model_state.damaged' : 'model_state.error') };
}

export function modelReason(model: ModelView, words: Words): string {
  const reason = words.code('model_reason', model.reason_code);
  const detail = detailOf(model, words);
  return detail === '' ? reason : `${reason}${words.t('punctuation.colon')}${detail}`;
}

function detailOf({ reason_code, details }: ModelView, { t, format }: Words): string {
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
    const total = details['total_bytes'];
    return total === 0
      ? text('status')
      : t('models.detail_pull', { done: figure('completed_bytes', format.bytes), total: figure('total_bytes', format.bytes) });
  }
  if (reason_code === 'pull_refused') return text('runtime_message');
  return path || text('process');
}

/** What it can be asked for; null: not known. */
export function modelTasks({ tasks }: Pick<ModelView, 'tasks'>, { t, code }: Words): string | null {
  if (tasks === undefined) return null;
  if (tasks.length === 0) return t('models.takes_nothing');
  return t('models.takes', { tasks: tasks.map((task) => code('task', task)).join(t('punctuation.comma')) });
}

/** Its folder, or the program that keeps it. */
export const placeOf = ({ folder, runtime_id }: ModelView): string => (folder === '' ? (runtime_id ?? '') : folder);

/** `en → zh`, or null for a model without languages. */
export function languagesOf({ src_lang, tgt_lang }: Pick<ModelView, 'src_lang' | 'tgt_lang'>): string | null {
  const languages = [src_lang, tgt_lang].filter((language) => language !== null);
  return languages.length === 0 ? null : languages.join(' → ');
}

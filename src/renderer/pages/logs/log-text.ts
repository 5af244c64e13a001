// The sentence of a line: the text of its event with the values of its fields. An event without a text is shown by its name.
import type { LogLine } from '../../../shared/api/logs';
import { isDamage } from '../../../shared/api/own-damage';
import { exclusionCountsText } from '../../labels/exclusion-counts';
import type { Shape } from '../../labels/shape';
import { isCode, type Labels } from '../../i18n/use-labels';

export const LEVEL_SHAPES: Readonly<Record<'warn' | 'error', Shape>> = {
  warn: 'degraded',
  error: 'refused',
};

/** Debug and info lines are the usual case: a shape marks the others. */
export const isMarked = (level: LogLine['level']): level is 'warn' | 'error' => level === 'warn' || level === 'error';

type NodeName = (nodeId: string) => string | null;
type ModelOfJob = (jobId: string) => string | null;

/** The model of each job whose submission is among the lines. */
export function modelsOfJobs(lines: readonly LogLine[]): ReadonlyMap<string, string> {
  const models = new Map<string, string>();
  for (const { event, fields } of lines) {
    const { job_id: id, model } = fields;
    if (event === 'job_submitted' && typeof id === 'string' && typeof model === 'string') models.set(id, model.slice(0, MAX_VALUE));
  }
  return models;
}

export const modelOfLine = ({ fields: { model, model_id: id, job_id: job } }: LogLine, modelOf: ModelOfJob): string | null => {
  const own = typeof model === 'string' ? model : typeof id === 'string' ? id : null;
  return own ?? (typeof job === 'string' ? modelOf(job) : null);
};

/** Fields whose value is the id of a node. */
const NODE_FIELDS = ['node_id', 'held_by'];
const MAX_VALUE = 200;

export function sentenceOf(line: LogLine, labels: Labels, nameOf: NodeName, modelOf: ModelOfJob = () => null): string {
  const { event, fields } = line;
  const withFacts = factSentence(line, labels, nameOf, modelOf);
  if (withFacts !== null) return withFacts;
  if (!isCode('log_event', event)) return event;
  const values = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, wordOf(name, value, labels, nameOf)]));
  const none = labels.t('unknown.none');
  const missing = Object.fromEntries(SENTENCE_FIELDS.map((name) => [name, none]));
  return labels.code('log_event', event, { ...missing, ...values, node: values['node_name'] ?? values['node_id'] ?? none });
}

/** Of events whose facts make another sentence. Null: the line does not have them. */
function factSentence(line: LogLine, labels: Labels, nameOf: NodeName, modelOf: ModelOfJob): string | null {
  const { t, code, format } = labels;
  const { event, fields } = line;
  const {
    node_id: node,
    success,
    code: errorCode,
    duration_ms: ms,
    heartbeats_per_second: heartbeats,
    rss_mb: memory,
    from,
    count,
  } = fields;
  const model = modelOfLine(line, modelOf);
  switch (event) {
    case 'job_assigned':
      return typeof node !== 'string' || model === null
        ? null
        : t('logs.sentence.assigned', { model, node: shownValue('node_id', node, nameOf) });
    case 'model_state': {
      const { state, reason } = fields;
      if (model === null || state !== 'error' || typeof reason !== 'string' || !isCode('model_reason', reason)) return null;
      const fault = code('node_model_state', isDamage(reason) ? 'damaged' : state);
      return t('logs.sentence.faulty_model', { model, fault, reason: code('model_reason', reason) });
    }
    case 'job_finished': {
      if (typeof node !== 'string' || typeof ms !== 'number') return null;
      const values = { subject: model ?? t('logs.job'), node: shownValue('node_id', node, nameOf), took: format.took(ms) };
      if (success === true) return t('logs.sentence.finished', values);
      return typeof errorCode === 'string' ? t('logs.sentence.failed', { ...values, code: errorCode.slice(0, MAX_VALUE) }) : null;
    }
    case 'dispatch_no_candidate':
      return noCandidateText(model, fields['reasons'], labels);
    case 'auth_failed':
      return typeof from !== 'string' || typeof count !== 'number' || count < 2
        ? null
        : t('logs.sentence.wrong_keys', { from: from.slice(0, MAX_VALUE), count, formatted: format.number(count) });
    case 'performance':
      return typeof heartbeats !== 'number' || typeof memory !== 'number'
        ? null
        : t('logs.sentence.performance', { heartbeats: format.number(heartbeats, 1), memory: format.number(memory) });
    default:
      return null;
  }
}

/** With the reasons and their numbers of nodes, where the line has them. */
function noCandidateText(model: string | null, reasons: unknown, labels: Labels): string {
  const { t } = labels;
  const sentence = model === null ? t('log_event.dispatch_no_candidate') : t('logs.sentence.no_candidate', { model });
  const counts = exclusionCountsText(labels, countsOf(reasons));
  return counts === null ? sentence : `${sentence}${t('punctuation.stop')}${counts}`;
}

function countsOf(reasons: unknown): Readonly<Record<string, number>> {
  if (reasons === null || typeof reasons !== 'object') return {};
  const counts = Object.entries(reasons).flatMap(([code, reason]: [string, unknown]) => {
    const count = reason !== null && typeof reason === 'object' && 'count' in reason ? reason.count : null;
    return typeof count === 'number' ? [[code, count] as const] : [];
  });
  return Object.fromEntries(counts);
}

/** States of a node and causes of a pause have words; other values stay as they are. */
function wordOf(name: string, value: unknown, labels: Labels, nameOf: NodeName): string {
  if ((name === 'from' || name === 'to' || name === 'status') && typeof value === 'string') {
    if (isCode('availability_phrase', value)) return labels.code('availability_phrase', value);
  }
  if (name === 'state' && typeof value === 'string' && isCode('node_model_state', value)) return labels.code('node_model_state', value);
  if (name === 'reason_code' && typeof value === 'string' && isCode('pause_cause', value)) return labels.code('pause_cause', value);
  if (Array.isArray(value))
    return value
      .map((one) => shownValue(name, one, nameOf))
      .join(labels.t('punctuation.comma'))
      .slice(0, MAX_VALUE);
  return shownValue(name, value, nameOf);
}

/** Fields that a sentence uses, and that a line of another version may not have. */
export const SENTENCE_FIELDS = [
  'action',
  'cause',
  'code',
  'from',
  'gpu',
  'gpu_count',
  'key_name',
  'keys',
  'limit',
  'lost',
  'message',
  'model',
  'model_id',
  'newest',
  'of',
  'operation',
  'port',
  'reason',
  'reason_code',
  'result',
  'runtime',
  'state',
  'status',
  'text',
  'to',
  'url',
  'version',
];

function shownValue(name: string, value: unknown, nameOf: NodeName): string {
  if (typeof value === 'string') return (NODE_FIELDS.includes(name) ? (nameOf(value) ?? value) : value).slice(0, MAX_VALUE);
  // As in the log, instants are numbers of ms.
  if (name === 'until' && typeof value === 'number') return new Date(value).toISOString();
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return (value.join(', ') || '–').slice(0, MAX_VALUE);
  return JSON.stringify(value).slice(0, MAX_VALUE);
}

/** As the program wrote it. */
export const jsonOf = ({ at, level, event, fields }: LogLine): string =>
  JSON.stringify({ time: new Date(at).toISOString(), level, event, ...fields });

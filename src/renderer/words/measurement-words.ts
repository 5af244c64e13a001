// What is known of a model's speed, in words: a figure with its age, or why there is none.
import type { MeasurementView } from '../../shared/api/agent-view';
import { runtimeHttpStatus } from '../../shared/protocol/job-errors';
import type { Words } from '../i18n/use-words';

export interface MeasurementWords {
  readonly text: string;
  /** The code behind a failure, for who asks for help. */
  readonly code: string | null;
  /** The runtime's own words. */
  readonly detail: string | null;
  /** Unix ms; null: nothing was measured. */
  readonly measuredAt: number | null;
}

export function measurementWords(measurement: MeasurementView, words: Words): MeasurementWords {
  const { t, format } = words;
  const only = (text: string): MeasurementWords => ({ text, code: null, detail: null, measuredAt: null });
  switch (measurement.state) {
    case 'none':
      return only(t('measurement.none'));
    case 'impossible':
      return only(words.code('measurement_impossible', measurement.code));
    case 'waiting':
      return only(words.code('measurement_waiting', measurement.code));
    case 'running':
      return only(t('measurement.running'));
    case 'answered': {
      const { tokens_per_second: speed, took_ms: tookMs, measured_at: measuredAt } = measurement;
      const text = speed === null ? t('measurement.answered_in', { took: format.took(tookMs) }) : speedText(speed, words);
      return { text, code: null, detail: null, measuredAt };
    }
    case 'failed': {
      const { code, message, measured_at: measuredAt } = measurement;
      return { text: failureText(code, words), code, detail: message, measuredAt };
    }
  }
}

function failureText(code: string, words: Words): string {
  const status = runtimeHttpStatus(code);
  return status === null ? words.code('measurement_failed', code) : words.t('measurement.http', { status });
}

/** Whether the owner may ask for it: not what cannot be measured, nor what is asked for already. */
export const canBeMeasured = ({ state }: MeasurementView): boolean => state !== 'impossible' && state !== 'waiting' && state !== 'running';

/** With as many decimals as matter: 3.25, 52.4, 180. */
export const speedText = (perSecond: number, { t, format }: Words): string =>
  t('measurement.tokens_per_second', { value: format.number(perSecond, perSecond < 10 ? 2 : perSecond < 100 ? 1 : 0) });

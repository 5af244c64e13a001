// The measured speed of a model as text: a figure with its age, or why there is none.
import type { MeasurementView } from '../../shared/api/agent-view';
import { runtimeHttpStatus } from '../../shared/protocol/job-errors';
import type { Labels } from '../i18n/use-labels';

export interface MeasurementLabel {
  readonly text: string;
  /** The code of a failure, for support requests. */
  readonly code: string | null;
  /** The text of the model server. */
  readonly detail: string | null;
  /** Unix ms; null: nothing was measured. */
  readonly measuredAtWallMs: number | null;
}

export function measurementLabel(measurement: MeasurementView, labels: Labels): MeasurementLabel {
  const { t, format } = labels;
  const only = (text: string): MeasurementLabel => ({ text, code: null, detail: null, measuredAtWallMs: null });
  switch (measurement.state) {
    case 'none':
      return only(t('measurement.none'));
    case 'impossible':
      return only(labels.code('measurement_impossible', measurement.code));
    case 'waiting':
      return only(labels.code('measurement_waiting', measurement.code));
    case 'running':
      return only(t('measurement.running'));
    case 'answered': {
      const { tokens_per_second: speed, took_ms: tookMs, measured_at: measuredAtWallMs } = measurement;
      const text = speed === null ? t('measurement.answered_in', { took: format.took(tookMs) }) : speedText(speed, labels);
      return { text, code: null, detail: null, measuredAtWallMs };
    }
    case 'failed': {
      const { code, message, measured_at: measuredAtWallMs } = measurement;
      return { text: failureText(code, labels), code, detail: message, measuredAtWallMs };
    }
  }
}

function failureText(code: string, labels: Labels): string {
  const status = runtimeHttpStatus(code);
  return status === null ? labels.code('measurement_failed', code) : labels.t('measurement.http', { status });
}

/** Whether the owner can start a measurement: not where it is impossible, requested or running. */
export const canBeMeasured = ({ state }: MeasurementView): boolean => state !== 'impossible' && state !== 'waiting' && state !== 'running';

/** With as many decimals as matter: 3.25, 52.4, 180. */
export const speedText = (perSecond: number, { t, format }: Labels): string =>
  t('measurement.tokens_per_second', { value: format.number(perSecond, perSecond < 10 ? 2 : perSecond < 100 ? 1 : 0) });

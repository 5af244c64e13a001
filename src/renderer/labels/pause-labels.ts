// A pause as text, with its reason and its end: `Paused: full-screen program (Factorio), until 22:00`.
import type { PauseCode } from '../../shared/protocol/pauses';
import { capitalized } from '../i18n/capitalized';
import type { Catalogue } from '../i18n/en/index';
import type { Labels } from '../i18n/use-labels';

export interface PauseText {
  readonly code: PauseCode;
  readonly detail: string | null;
  /** Null: until the owner resumes, or the condition of a rule ends. */
  readonly until: number | null;
}

export type PausePerspective = keyof Pick<Catalogue['pause'], 'own' | 'own_short' | 'own_next' | 'node' | 'node_short' | 'node_cell'>;

/** `short`: beside the word of the state. An end that has passed is left out: the clocks of two computers differ. */
export function pauseLabel(labels: Labels, { code, detail, until }: PauseText, perspective: PausePerspective, nowWallMs: number): string {
  const { t, format } = labels;
  const time = until === null || until <= nowWallMs ? null : format.clock(until, nowWallMs);
  if (code === 'owner') return time === null ? t(`pause.${perspective}.open`) : t(`pause.${perspective}.until`, { time });
  const cause = pauseCauseLabel(labels, { code, detail });
  // Some perspectives begin with the cause.
  return capitalized(time === null ? t(`pause.${perspective}.rule`, { cause }) : t(`pause.${perspective}.rule_until`, { cause, time }));
}

function pauseCauseLabel(labels: Labels, { code, detail }: Pick<PauseText, 'code' | 'detail'>): string {
  const cause = labels.code('pause_cause', code);
  return detail === null ? cause : labels.t('pause.cause', { cause, detail });
}

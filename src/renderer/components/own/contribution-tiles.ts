// The contribution of this computer as tiles: the figure of today, and that of 7 days below. Pure.
import type { PoolContribution } from '../../../shared/api/gpu';
import type { StatTile } from '../StatTiles';
import type { Labels } from '../../i18n/use-labels';

const WH_PER_KWH = 1000;
/** Smaller amounts are shown in Wh. */
const KWH_FROM_WH = 100;

/** @param given null: not known yet */
export function contributionTiles({ t, format }: Labels, given: PoolContribution | null): readonly StatTile[] {
  const { today = null, last_7_days: week = null } = given ?? {};
  const note = (value: string | null): string => t('contribution.week', { value: value ?? t('unknown.none') });
  const tokens = (totals: typeof today): string | null =>
    totals === null ? null : format.compact(totals.prompt_tokens + totals.completion_tokens);
  const energy = energyOf(format, today?.energy_wh ?? null);
  const energyOfWeek = energyOf(format, week?.energy_wh ?? null);
  return [
    {
      label: t('contribution.jobs'),
      figure: today === null ? null : format.number(today.jobs),
      note: note(week === null ? null : format.number(week.jobs)),
    },
    { label: t('contribution.tokens'), figure: tokens(today), note: note(tokens(week)) },
    {
      label: t('contribution.time'),
      figure: today === null ? null : format.hours(today.gpu_ms),
      note: note(week === null ? null : format.hours(week.gpu_ms)),
    },
    {
      label: t('contribution.energy'),
      figure: energy?.figure ?? null,
      ...(energy === null ? {} : { unit: energy.unit }),
      note: energyOfWeek === null ? t('unknown.not_reported') : note(`${energyOfWeek.figure}\u00a0${energyOfWeek.unit}`),
    },
  ];
}

function energyOf(format: Labels['format'], wh: number | null): { readonly figure: string; readonly unit: string } | null {
  if (wh === null) return null;
  return wh < KWH_FROM_WH ? { figure: format.number(wh, 1), unit: 'Wh' } : { figure: format.number(wh / WH_PER_KWH, 2), unit: 'kWh' };
}

// What a share mode means: `Below CPU 60%, GPU 25%`.
import { LIMITS_OF_MODE, type ShareMode } from '../../shared/api/share-modes';
import type { Labels } from '../i18n/use-labels';

export function shareModeText({ t, format }: Labels, mode: ShareMode): string {
  const { cpu_percent: cpu, gpu_percent: gpu } = LIMITS_OF_MODE[mode];
  if (cpu === null || gpu === null) return t('limits.none');
  const parts = (
    [
      ['cpu', cpu],
      ['gpu', gpu],
    ] as const
  ).map(([use, percent]) => t('limits.limit', { use: t(`use_name.${use}`), percent: format.percent(percent) }));
  return t('limits.below', { limits: parts.join(t('punctuation.comma')) });
}

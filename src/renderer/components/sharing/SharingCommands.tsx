// Pause and share this computer from the palette.
import { useClock } from '../../clock/Clock';
import { useLabels } from '../../i18n/use-labels';
import { useApp } from '../../store/Screen';
import { type Command, useCommands } from '../commands/commands';
import { useSharing } from './use-sharing';

const HOUR_MS = 3_600_000;

export function SharingCommands() {
  const { t } = useLabels();
  const hasAgent = useApp(({ agent }) => agent !== null);
  const { pause, off, share, pauseUntil } = useSharing();
  const clock = useClock();
  useCommands(() => {
    if (!hasAgent || off !== null) return [];
    const command = (id: string, title: string, words: string, run: () => void): Command => ({
      id: `sharing ${id}`,
      group: 'actions',
      title,
      words,
      run,
    });
    if (pause !== null) return [command('share', t('sharing.command_resume'), t('palette_search.act.resume_sharing'), share)];
    const words = t('palette_search.act.pause_sharing');
    return [
      command('stop', t('sharing.command_stop'), words, () => pauseUntil(null, 'finish')),
      command('hour', t('sharing.command_hour'), words, () => pauseUntil(clock.now() + HOUR_MS, 'finish')),
    ];
  });
  return null;
}

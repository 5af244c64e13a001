// The menu of a pause: how long, and where the running jobs go. The child opens it.
import { Menu } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { tomorrowWallMs } from '../../../shared/api/pause-times';
import { RUNNING_JOBS, type RunningJobs } from '../../../shared/protocol/pauses';
import { useNow } from '../../clock/Clock';
import { useLabels } from '../../i18n/use-labels';

const HOUR_MS = 3_600_000;

export interface PauseMenuProps {
  readonly onPause: (untilWallMs: number | null, runningJobs: RunningJobs) => void;
  /** Open from the start. */
  readonly opensAtFirst?: boolean;
  readonly children: ReactElement;
}

export function PauseMenu({ onPause, opensAtFirst = false, children }: PauseMenuProps) {
  const [runningJobs, setRunningJobs] = useState<RunningJobs>('finish');
  return (
    <Menu position="bottom-end" withinPortal shadow="md" hideDetached={false} defaultOpened={opensAtFirst}>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        <PauseItems runningJobs={runningJobs} onRunningJobs={setRunningJobs} onPause={onPause} />
      </Menu.Dropdown>
    </Menu>
  );
}

interface PauseItemsProps extends Pick<PauseMenuProps, 'onPause'> {
  readonly runningJobs: RunningJobs;
  readonly onRunningJobs: (runningJobs: RunningJobs) => void;
}

/** Only while the menu is open, because it follows the clock. */
function PauseItems({ runningJobs, onRunningJobs, onPause }: PauseItemsProps) {
  const { t, format } = useLabels();
  const now = useNow();
  const tomorrow = tomorrowWallMs(now);
  return (
    <>
      <Menu.Label>{t('sharing.pause')}</Menu.Label>
      <Menu.Item onClick={() => onPause(now + HOUR_MS, runningJobs)}>{t('sharing.hour')}</Menu.Item>
      <Menu.Item onClick={() => onPause(tomorrow, runningJobs)}>
        {t('sharing.tomorrow', { time: format.clock(tomorrow, tomorrow) })}
      </Menu.Item>
      <Menu.Item onClick={() => onPause(null, runningJobs)}>{t('sharing.resumed')}</Menu.Item>
      <Menu.Divider />
      <Menu.Label>{t('sharing.running_jobs')}</Menu.Label>
      <Menu.RadioGroup value={runningJobs} onChange={(value) => onRunningJobs(value === 'move' ? 'move' : 'finish')}>
        {RUNNING_JOBS.map((choice) => (
          <Menu.RadioItem key={choice} value={choice}>
            {t(choice === 'move' ? 'sharing.jobs_move' : 'sharing.jobs_stay')}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </>
  );
}

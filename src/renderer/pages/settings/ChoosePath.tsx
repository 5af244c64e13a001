// In the desktop app: a button that opens the system's dialog for the folder or the file of a setting. A closed dialog changes nothing.
import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { SettingView } from '../../../shared/api/settings';
import { ErrorNote } from '../../components/ErrorNote';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { useApp } from '../../store/Screen';
import classes from './SettingRow.module.css';

export interface ChoosePathProps {
  readonly setting: SettingView;
  readonly label: string;
  readonly onChosen: (path: string) => void;
}

export function ChoosePath({ setting: { key }, label, onChosen }: ChoosePathProps) {
  const { t } = useLabels();
  const isDesktop = useApp(({ app }) => app.mode === 'desktop');
  const { run, pending, error } = useOperation('settings.choose_path');
  // The value may change while the dialog is open.
  const latest = useRef(onChosen);
  useEffect(() => {
    latest.current = onChosen;
  });
  if (!isDesktop) return null;
  const choose = async (): Promise<void> => {
    const chosen = await run({ key });
    if (chosen.ok && chosen.value.path !== null) latest.current(chosen.value.path);
  };
  return (
    <>
      <Button
        size="xs"
        variant="default"
        className={classes['choose'] ?? ''}
        aria-label={t('settings.choose_for', { title: label })}
        loading={pending}
        onClick={() => void choose()}
      >
        {t('settings.choose')}
      </Button>
      <ErrorNote error={error} />
    </>
  );
}

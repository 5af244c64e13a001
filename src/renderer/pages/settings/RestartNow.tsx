// The button that restarts the hosted scheduler, after a question that says what the restart interrupts.
import { Button, type ButtonProps } from '@mantine/core';
import { useState } from 'react';
import { RestartDialog } from '../../components/RestartDialog';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { useApp } from '../../store/Screen';

export const useIsHosted = (): boolean => useApp(({ host }) => host !== null && host.state !== 'stopped');

/** `title`: of the setting beside the button. */
export function RestartNow({ title, ...button }: { readonly title?: string } & Pick<ButtonProps, 'size'>) {
  const { t } = useLabels();
  const restart = useOperation('host.restart');
  const [isAsking, setAsking] = useState(false);
  const text = t('settings.restart_now');
  return (
    <>
      <Button
        variant="default"
        {...button}
        {...(title === undefined ? {} : { 'aria-label': `${text}${t('punctuation.colon')}${title}` })}
        onClick={() => setAsking(true)}
      >
        {text}
      </Button>
      <RestartDialog operation={restart} run={() => restart.run({})} opened={isAsking} onClose={() => setAsking(false)} />
    </>
  );
}

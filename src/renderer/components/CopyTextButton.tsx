// A button that copies a value which is not shown beside the button, or shown elsewhere.
import { Button, CopyButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLabels } from '../i18n/use-labels';

export interface CopyTextButtonProps {
  readonly value: string;
  readonly variant?: 'filled' | 'default';
  readonly children: ReactNode;
}

export function CopyTextButton({ value, variant = 'default', children }: CopyTextButtonProps) {
  const { t } = useLabels();
  return (
    <CopyButton value={value} timeout={2000}>
      {({ copied, copy }) => (
        <Button variant={variant} onClick={copy}>
          {copied ? t('action.copied') : children}
        </Button>
      )}
    </CopyButton>
  );
}

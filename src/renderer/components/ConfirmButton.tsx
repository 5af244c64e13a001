// A button whose operation needs confirmation: it opens the dialog that asks.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog, type ConfirmDialogProps } from './ConfirmDialog';

export interface ConfirmButtonProps extends Omit<ConfirmDialogProps, 'opened' | 'onClose'> {
  readonly label: string;
  readonly size?: 'sm' | 'compact-sm';
}

export function ConfirmButton({ label, size = 'sm', ...dialog }: ConfirmButtonProps) {
  const [isConfirming, setIsConfirming] = useState(false);
  return (
    <>
      <Button variant="default" size={size} onClick={() => setIsConfirming(true)}>
        {label}
      </Button>
      <ConfirmDialog {...dialog} opened={isConfirming} onClose={() => setIsConfirming(false)} />
    </>
  );
}

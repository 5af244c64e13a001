// A button that copies a text, and then says for a moment whether it is copied.
import { Button, type ButtonProps } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useEffect } from 'react';
import { useLabels } from '../i18n/use-labels';

export interface CopyButtonProps extends Pick<ButtonProps, 'size' | 'variant'> {
  readonly value: string;
  /** Absent: "Copy". */
  readonly text?: string;
  /** The subject, for screen readers, where the text does not name it. */
  readonly subject?: string;
  readonly onCopied?: (() => void) | undefined;
  /** It has the focus when its dialog opens. */
  readonly isFocused?: boolean;
}

const SHOWN_MS = 2000;

export function CopyButton({ value, text, subject, size = 'sm', variant = 'default', isFocused, onCopied }: CopyButtonProps) {
  const { t } = useLabels();
  const { copied, error, copy } = useClipboard({ timeout: SHOWN_MS });
  useEffect(() => {
    if (copied) onCopied?.();
  }, [copied, onCopied]);
  const own = text ?? t('action.copy');
  return (
    <Button
      size={size}
      variant={variant}
      onClick={() => copy(value)}
      data-autofocus={isFocused}
      {...(subject === undefined ? {} : { 'aria-label': `${own}${t('punctuation.colon')}${subject}` })}
    >
      {error !== null ? t('action.copy_failed') : copied ? t('action.copied') : own}
    </Button>
  );
}

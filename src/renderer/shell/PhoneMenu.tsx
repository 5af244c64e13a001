// In windows below 600 px: the rail over the page. It has the focus while it is open. A link in it or Escape closes it, and then the focus
// is back where it was.
import { useEffect, useRef } from 'react';
import { openPalette } from '../components/commands/commands';
import { useEscape } from '../components/use-escape';
import type { PageName } from '../routes';
import { Rail } from './Rail';

export interface PhoneMenuProps {
  readonly current: PageName;
  readonly onClose: () => void;
}

export function PhoneMenu({ current, onClose }: PhoneMenuProps) {
  const box = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  useEscape(onClose);
  useEffect(() => {
    const element = box.current;
    const opener = document.activeElement;
    const click = (event: MouseEvent): void => {
      if (event.target instanceof Element && event.target.closest('a') !== null) close.current();
    };
    element?.querySelector<HTMLElement>('a, button')?.focus();
    element?.addEventListener('click', click);
    return () => {
      element?.removeEventListener('click', click);
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return (
    <div ref={box} style={{ display: 'contents' }}>
      <Rail
        current={current}
        onSearch={() => {
          onClose();
          openPalette();
        }}
      />
    </div>
  );
}

// Notices: plain, with undo, an action that waits, an error.
import { Button, Group } from '@mantine/core';
import { Page } from '../../src/renderer/components/Page';
import { ToastsProvider } from '../../src/renderer/components/toasts/ToastsProvider';
import { useToasts } from '../../src/renderer/components/toasts/use-toasts';
import { useUndoable } from '../../src/renderer/components/toasts/use-undoable';
import { ok } from '../../src/shared/result';

const succeed = () => Promise.resolve(ok(null));

export function ToastParts() {
  return (
    <ToastsProvider>
      <main>
        <Page title="Notices">
          <Buttons />
        </Page>
      </main>
    </ToastsProvider>
  );
}

function Buttons() {
  const { show } = useToasts();
  const leave = useUndoable({ key: 'leave', text: 'Leaving Atelier', run: succeed }, 10_000);
  return (
    <Group>
      <Button variant="default" onClick={() => show({ text: 'Link copied' })}>
        Copy
      </Button>
      <Button variant="default" onClick={() => show({ text: 'lab-a100 is draining: 3 jobs finish first', undo: () => undefined })}>
        Drain
      </Button>
      <Button variant="default" onClick={leave.start} disabled={leave.isWaiting}>
        Leave
      </Button>
      <Button
        variant="default"
        onClick={() => show({ tone: 'error', text: 'The node did not answer', detail: 'Check that the computer is on, then try again.' })}
      >
        Fail
      </Button>
    </Group>
  );
}

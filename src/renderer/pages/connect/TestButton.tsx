// Sends one request to a model with the key that the examples have, and shows its answer.
import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { AppError } from '../../../shared/api/app-api';
import { AskErrorNote } from '../../components/AskErrorNote';
import { Dim } from '../../components/Dim';
import { StatusShape } from '../../components/StatusShape';
import { useLabels } from '../../i18n/use-labels';
import { useScreen } from '../../store/Screen';
import { usePoolLost } from '../../store/use-pool-lost';
import classes from './ConnectPage.module.css';

const MAX_TOKENS = 200;

type Test =
  | { readonly state: 'none' }
  | { readonly state: 'running'; readonly text: string; readonly node: string | null }
  | { readonly state: 'done'; readonly text: string; readonly node: string | null; readonly tookMs: number }
  | { readonly state: 'failed'; readonly error: AppError };

export interface TestButtonProps {
  readonly model: string;
  readonly access: TestAccess;
}

/** What the programs send. `own`: this window knows no key, so that only the rights of the user are tested. */
export type TestAccess =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'not_needed' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'own' };

export function TestButton({ model, access }: TestButtonProps) {
  const { t, format, language } = useLabels();
  const { api } = useScreen();
  const [test, setTest] = useState<Test>({ state: 'none' });
  const cancel = useRef<() => void>(() => undefined);
  useEffect(() => () => cancel.current(), []);
  const start = (): void => {
    cancel.current();
    const startedAtMonotonicMs = performance.now();
    let text = '';
    let node: string | null = null;
    setTest({ state: 'running', text, node });
    cancel.current = api.ask(
      {
        task: 'chat',
        model,
        ...(access.kind === 'key' ? { key: access.key } : {}),
        language: language === 'en' ? 'en' : 'zh',
        messages: [{ role: 'user', text: t('connect.test_prompt') }],
        max_tokens: MAX_TOKENS,
      },
      {
        onEvents(events) {
          for (const event of events) {
            if (event.type === 'text') text += event.text;
            else if (event.type === 'begin') node = event.node_name ?? event.node_id;
            else if (event.type === 'failed') {
              setTest({ state: 'failed', error: event.error });
              return;
            } else if (event.type === 'end') {
              setTest({ state: 'done', text, node, tookMs: performance.now() - startedAtMonotonicMs });
              return;
            }
          }
          setTest({ state: 'running', text, node });
        },
      },
    );
  };
  return (
    <div className={classes['test']}>
      <Start model={model} access={access} isRunning={test.state === 'running'} onStart={start} />
      <div role="status">
        {test.state === 'running' && <p>{t('connect.testing')}</p>}
        {test.state === 'done' && (
          <p className={classes['tested']}>
            <StatusShape shape="ready" size={14} />
            {test.node === null
              ? t('connect.tested_somewhere', { time: format.took(test.tookMs) })
              : t('connect.tested', { node: test.node, time: format.took(test.tookMs) })}
          </p>
        )}
        {(test.state === 'running' || test.state === 'done') && test.text !== '' && <p className={classes['answer']}>{test.text}</p>}
      </div>
      {test.state === 'failed' && (
        <AskErrorNote error={test.error} {...(access.kind === 'key' ? { keyFix: t('connect.test_new_key') } : {})} />
      )}
    </div>
  );
}

function Start({ model, access, isRunning, onStart }: TestButtonProps & { readonly isRunning: boolean; readonly onStart: () => void }) {
  const { t } = useLabels();
  const isPoolLost = usePoolLost();
  return (
    <div className={classes['start']}>
      <Button size="compact-md" variant="default" loading={isRunning} disabled={access.kind === 'missing' || isPoolLost} onClick={onStart}>
        {t('connect.test')}
      </Button>
      <Dim>{isPoolLost ? t('pool_lost_wait') : t(`connect.test_note.${access.kind}`, { model })}</Dim>
    </div>
  );
}

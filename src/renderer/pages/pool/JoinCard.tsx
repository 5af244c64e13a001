// Joins a pool by a link, or by an address and a key. Before anything changes, a dialog tests the connection and asks.
import { Button, Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { type ChangeEvent, type ClipboardEvent, type SubmitEvent, useState } from 'react';
import type { JoinStep, PoolAddress } from '../../../shared/api/app-api';
import { hostAndPort, parsePoolAddress, pinOfLink } from '../../../shared/api/join-link';
import type { OpenedJoinLink } from '../../../shared/api/opened-link';
import { pastedAddress } from '../../../shared/api/pasted-link';
import { Card } from '../../components/Card';
import { ErrorNote } from '../../components/ErrorNote';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { ChangePoolDialog } from './ChangePoolDialog';
import { useOwnFirst } from '../../store/own-first';
import { JoinSteps } from './JoinSteps';
import { OpenedLinkNote } from './OpenedLinkNote';
import type { PoolChange } from '../../queries/pool-change';
import { goTo } from '../../store/use-route';

export interface JoinCardProps {
  readonly isMember: boolean;
  /**
   * The link that another program opened. It is the first text of the field. The card of each link has its own key, so no field has the
   * focus when a link arrives: a key press that was meant for another program joins no pool.
   */
  readonly opened: OpenedJoinLink | null;
  /** The pins of the pool that this computer is in. */
  readonly ownPins: readonly string[];
}

export function JoinCard(props: JoinCardProps) {
  const { t } = useLabels();
  return (
    <Card title={t(props.isMember ? 'pool.another' : 'pool.join_title')}>
      <JoinForm {...props} text={t('pool.join_text')} />
    </Card>
  );
}

interface JoinFormProps extends Pick<JoinCardProps, 'opened' | 'ownPins'> {
  /** Null: the card of the form says it. */
  readonly text: string | null;
  /** False: the page has another primary action. */
  readonly mayBePrimary?: boolean;
}

export function JoinForm({ opened, ownPins, text: intro, mayBePrimary = true }: JoinFormProps) {
  const { t } = useLabels();
  const [text, setText] = useState(opened?.link ?? '');
  const [token, setToken] = useState('');
  const [steps, setSteps] = useState<readonly JoinStep[] | null>(null);
  const test = useOperation('join.test');
  const [change, setChange] = useState<PoolChange | null>(null);
  const discard = useOperation('join.discard_link');
  const isPrimary = !useOwnFirst().isPrimary && mayBePrimary && !hasFailed(steps);
  const address = pastedAddress(text);
  const isOwn = ownPins.includes(pinOfLink(address) ?? '');
  const isEmpty = address === '';
  const target: PoolAddress = { address, ...(token.trim() === '' || !needsKey(address) ? {} : { token: token.trim() }) };

  const runTest = async (): Promise<void> => {
    setSteps(null);
    const outcome = await test.run(target);
    if (outcome.ok) setSteps(outcome.value.steps);
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!isEmpty) setChange({ kind: 'join', name: nameOf(target.address), address: target });
  };
  const joined = (): void => {
    setText('');
    setToken('');
    setSteps(null);
    // The state of this computer in the new pool is what the user wants to see next.
    if (opened !== null) goTo({ page: 'computer' });
  };
  return (
    <>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {opened !== null && <OpenedLinkNote opened={opened} isOwn={isOwn} />}
          {opened === null && intro !== null && <p>{intro}</p>}
          <LinkField value={text} isOpened={opened !== null} onChange={setText} />
          {isOwn && <p role="status">{t('pool.already_in')}</p>}
          {needsKey(address) && (
            <PasswordInput
              label={t('pool.join_token')}
              value={token}
              onChange={(event) => setToken(event.currentTarget.value)}
              autoComplete="off"
            />
          )}
          {steps !== null && <JoinSteps steps={steps} />}
          <ErrorNote error={test.error ?? discard.error} />
          <Group gap="xs">
            <Button variant="default" disabled={isEmpty} loading={test.pending} onClick={() => void runTest()}>
              {t('pool.test')}
            </Button>
            <Button type="submit" variant={isPrimary ? 'filled' : 'default'} disabled={isEmpty || isOwn}>
              {t('pool.join')}
            </Button>
            {opened !== null && (
              <Button variant="default" loading={discard.pending} onClick={() => void discard.run({})}>
                {t('pool.opened_discard')}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
      <ChangePoolDialog change={change} onClose={() => setChange(null)} onChanged={joined} />
    </>
  );
}

interface LinkFieldProps {
  readonly value: string;
  /** Another program opened the link: its address is in the text above. */
  readonly isOpened: boolean;
  readonly onChange: (value: string) => void;
}

/** The key in a link is not for everyone who sees the screen. */
function LinkField({ value, isOpened, onChange }: LinkFieldProps) {
  const { t } = useLabels();
  const field = {
    value,
    onChange: (event: ChangeEvent<HTMLInputElement>) => onChange(event.currentTarget.value),
    // Of a whole invitation, the field shows the link alone.
    onPaste: (event: ClipboardEvent<HTMLInputElement>) => {
      const pasted = event.clipboardData.getData('text');
      const address = pastedAddress(pasted);
      if (address === pasted.trim()) return;
      event.preventDefault();
      onChange(address);
    },
    autoComplete: 'off',
    spellCheck: false,
  };
  if (!isOpened) return <TextInput {...field} label={t('pool.join_address')} placeholder="192.168.1.20:7080" />;
  return (
    <PasswordInput
      {...field}
      label={t('pool.join_link_opened')}
      visibilityToggleButtonProps={{ 'aria-label': t('pool.show_link'), tabIndex: 0 }}
    />
  );
}

const hasFailed = (steps: readonly JoinStep[] | null): boolean => steps?.some(({ outcome }) => outcome === 'failed') === true;

/** A join link has its key. */
function needsKey(address: string): boolean {
  const target = parsePoolAddress(address);
  return target.ok && target.value.token === null;
}

/** A link does not have the name of the pool. */
function nameOf(address: string): string {
  const target = parsePoolAddress(address);
  return target.ok ? hostAndPort(target.value) : address;
}

// The machines of both sides, with real cryptography: the order of messages, and which people must confirm before anything is sent.
import { describe, expect, test } from 'vitest';
import { HOST_START, type HostEffect, type HostEvent, type HostState, stepHost } from '../../../../src/main/joining/core/host-machine';
import type { Approval, HostMessage, JoinClaims, JoinerMessage } from '../../../../src/main/joining/core/join-messages';
import {
  JOINER_START,
  type JoinerEffect,
  type JoinerEvent,
  type JoinerState,
  stepJoiner,
} from '../../../../src/main/joining/core/joiner-machine';
import { freshNonce, joinCrypto, joinerKey } from '../../../../src/main/joining/join-crypto';

const PIN = `sha256-${'a'.repeat(43)}`;
const APPROVAL: Approval = {
  credential: 'mn_0123456789abcdef',
  member_id: 'm1',
  roles: ['node', 'client'],
  pool_name: 'anna',
  addresses: ['10.77.0.1'],
};
const CLAIMS: JoinClaims = { name: 'ben-pc', gpus: [{ name: 'RTX 4090', memory_gb: 24 }], roles: ['node', 'client'] };

class Host {
  state: HostState = HOST_START;
  readonly context;
  constructor(exporter: string, pin = PIN) {
    this.context = { pin, exporter, nonce: freshNonce() };
  }
  step(event: HostEvent): readonly HostEffect[] {
    const [state, effects] = stepHost(this.state, event, this.context, joinCrypto);
    this.state = state;
    return effects;
  }
  receive(message: JoinerMessage | null): readonly HostEffect[] {
    return this.step({ type: 'message', message });
  }
}

class Joiner {
  state: JoinerState = JOINER_START;
  readonly context;
  readonly #crypto;
  constructor(exporter: string, pin = PIN) {
    const { key, crypto } = joinerKey();
    this.#crypto = crypto;
    this.context = { pin, exporter, key, nonce: freshNonce(), claims: CLAIMS };
  }
  step(event: JoinerEvent): readonly JoinerEffect[] {
    const [state, effects] = stepJoiner(this.state, event, this.context, this.#crypto);
    this.state = state;
    return effects;
  }
  receive(message: HostMessage | null): readonly JoinerEffect[] {
    return this.step({ type: 'message', message });
  }
}

type Effect = HostEffect | JoinerEffect;
const digitsIn = (effects: readonly Effect[]): string | undefined => effects.flatMap((each) => ('digits' in each ? [each.digits] : []))[0];
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows which side sent
const sentTo = <Message>(effects: readonly Effect[]): Message => {
  const sent = effects.find(({ type }) => type === 'send');
  if (sent?.type !== 'send') throw new Error(`nothing sent: ${JSON.stringify(effects)}`);
  return sent.message as Message;
};

/** Both compare. */
function compared(exporters: readonly [string, string] = ['e', 'e'].map(() => 'AAAA') as [string, string]) {
  const [host, joiner] = [new Host(exporters[0]), new Joiner(exporters[1])];
  const nonce = host.receive(sentTo(joiner.step({ type: 'opened' })));
  const revealed = joiner.receive(sentTo(nonce));
  return { host, joiner, shown: digitsIn(revealed), atHost: host.receive(sentTo(revealed)) };
}

describe('both sides', () => {
  test('one connection -> the same six digits; nothing shown before the commitment was opened', () => {
    const { shown, atHost } = compared();
    expect(shown).toMatch(/^\d{6}$/);
    expect(atHost).toEqual([{ type: 'show', claims: CLAIMS, digits: shown }]);
  });

  test('two connections (a relay): proof of the transcript does not fit -> host ends, shows nothing', () => {
    expect(compared(['AAAA', 'BBBB']).atHost).toEqual([{ type: 'end', outcome: 'broken' }]);
  });

  test.each([['owner first'], ['newcomer first']])('both people confirm, %s -> credential after both, joined', (order) => {
    const { host, joiner } = compared();
    const decide = (): readonly HostEffect[] => host.step({ type: 'decided', roles: ['node', 'client'] });
    const confirm = (): readonly HostEffect[] => host.receive(sentTo(joiner.step({ type: 'answered', isSame: true })));
    const [first, second] = order === 'owner first' ? [decide(), confirm()] : [confirm(), decide()];
    expect(first.map(({ type }) => type)).toEqual(['update']);
    expect(second).toEqual([
      { type: 'update', roles: ['node', 'client'], isConfirmed: true },
      { type: 'issue', claims: CLAIMS, roles: ['node', 'client'] },
    ]);
    const approved = host.step({ type: 'issued', approval: APPROVAL });
    expect(joiner.receive(sentTo(approved))).toEqual([{ type: 'end', outcome: { code: 'joined', approval: APPROVAL } }]);
    expect(host.state).toEqual({ at: 'ended', outcome: 'joined' });
  });

  test('host denies -> both end, no credential', () => {
    const { host, joiner } = compared();
    const denied = host.step({ type: 'decided', roles: null });
    expect(joiner.receive(sentTo(denied))).toEqual([{ type: 'end', outcome: { code: 'denied' } }]);
  });

  test('newcomer sees different digits -> both end, also after the owner approved', () => {
    const { host, joiner } = compared();
    host.step({ type: 'decided', roles: ['node', 'client'] });
    const effects = joiner.step({ type: 'answered', isSame: false });
    expect(effects.at(-1)).toEqual({ type: 'end', outcome: { code: 'different' } });
    expect(host.receive(sentTo(effects))).toEqual([{ type: 'end', outcome: 'different' }]);
  });

  test('credential cannot be created -> denied', () => {
    const { host, joiner } = compared();
    host.receive(sentTo(joiner.step({ type: 'answered', isSame: true })));
    host.step({ type: 'decided', roles: ['node', 'client'] });
    expect(joiner.receive(sentTo(host.step({ type: 'issued', approval: null })))).toMatchObject([{ outcome: { code: 'denied' } }]);
  });
});

describe('host', () => {
  const hello = (): JoinerMessage => sentTo(new Joiner('AAAA').step({ type: 'opened' }));

  test.each<[string, () => JoinerMessage | null]>([
    ['not a message', () => null],
    ['reveal first', () => ({ type: 'reveal', nonce: freshNonce(), proof: 'A'.repeat(86), ...CLAIMS })],
    ['same first', () => ({ type: 'same' })],
    ['a key on another curve', () => ({ ...hello(), key: 'A'.repeat(122) }) as JoinerMessage],
  ])('%s -> ends, nothing shown', (_name, message) => {
    const host = new Host('AAAA');
    expect(host.receive(message())).toEqual([{ type: 'end', outcome: 'broken' }]);
    expect(host.receive(hello())).toEqual([]);
  });

  test('second hello -> ends', () => {
    const host = new Host('AAAA');
    host.receive(hello());
    expect(host.receive(hello())).toEqual([{ type: 'end', outcome: 'broken' }]);
  });

  test('another nonce than the committed one -> ends, nothing shown', () => {
    const [host, joiner] = [new Host('AAAA'), new Joiner('AAAA')];
    const revealed = joiner.receive(sentTo(host.receive(sentTo(joiner.step({ type: 'opened' })))));
    expect(host.receive({ ...sentTo<JoinerMessage>(revealed), nonce: freshNonce() } as JoinerMessage)).toEqual([
      { type: 'end', outcome: 'broken' },
    ]);
  });

  test('key of another computer -> ends: the proof is missing', () => {
    const [host, joiner, other] = [new Host('AAAA'), new Joiner('AAAA'), new Joiner('AAAA')];
    const key = other.context.key;
    const hijack: JoinerMessage = { type: 'hello', key, commitment: joinCrypto.commitmentTo(joiner.context.nonce, key) };
    joiner.step({ type: 'opened' });
    const revealed = joiner.receive(sentTo(host.receive(hijack)));
    expect(host.receive(sentTo(revealed))).toEqual([{ type: 'end', outcome: 'broken' }]);
  });

  test.each(['expired', 'left'] as const)('%s while people compare -> ends once', (type) => {
    const { host } = compared();
    expect(host.step({ type })).toEqual([{ type: 'end', outcome: type }]);
    expect(host.step({ type: 'decided', roles: ['node', 'client'] })).toEqual([]);
  });
});

describe('newcomer', () => {
  test('approved before its own person confirmed -> ends without a credential', () => {
    const { joiner } = compared();
    expect(joiner.receive({ type: 'approved', ...APPROVAL })).toEqual([{ type: 'end', outcome: { code: 'broken' } }]);
  });

  test('busy -> the seconds to wait', () => {
    const joiner = new Joiner('AAAA');
    joiner.step({ type: 'opened' });
    expect(joiner.receive({ type: 'busy', retry_after_seconds: 90 })).toEqual([
      { type: 'end', outcome: { code: 'busy', retryAfterSeconds: 90 } },
    ]);
  });
});

test('digits: padded, and each digit is used', () => {
  const all = Array.from({ length: 300 }, () =>
    joinCrypto.digitsOf({ pin: PIN, key: 'AAAA', exporter: 'AAAA', joinerNonce: freshNonce(), hostNonce: freshNonce() }),
  );
  expect(all.every((digits) => /^\d{6}$/.test(digits))).toBe(true);
  expect(new Set(all.map((digits) => digits[0])).size).toBe(10);
});

test('digits: every value of the transcript changes them', () => {
  const base = { pin: PIN, key: 'AAAA', exporter: 'AAAA', joinerNonce: freshNonce(), hostNonce: freshNonce() };
  const changes = [{ pin: `${PIN}b` }, { key: 'BBBB' }, { exporter: 'BBBB' }, { joinerNonce: freshNonce() }, { hostNonce: freshNonce() }];
  const all = [base, ...changes.map((change) => ({ ...base, ...change }))].map((transcript) => joinCrypto.digitsOf(transcript));
  expect(new Set(all).size).toBe(all.length);
});

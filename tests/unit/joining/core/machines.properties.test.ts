// Any order of events: no credential is created or accepted before both people confirmed, and nothing is shown before the commitment
// was opened.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOST_START, type HostEvent, type HostState, stepHost } from '../../../../src/main/joining/core/host-machine';
import type { JoinCrypto } from '../../../../src/main/joining/core/join-crypto';
import { type Approval, type JoinClaims, parseHostMessage, parseJoinerMessage } from '../../../../src/main/joining/core/join-messages';
import { JOINER_START, type JoinerEvent, type JoinerState, stepJoiner } from '../../../../src/main/joining/core/joiner-machine';

/** Accepts the commitment `good` and the proof `good` alone. */
const crypto: JoinCrypto = {
  commitmentTo: () => 'good',
  isKey: (key) => key !== 'bad',
  digitsOf: () => '000123',
  isProof: (_transcript, proof) => proof === 'good',
};
const APPROVAL: Approval = { credential: 'mn_0123456789abcdef', member_id: 'm', roles: ['node'], pool_name: 'p', addresses: [] };
const claims: JoinClaims = { name: 'n', gpus: [], roles: ['node'] };
const quality = fc.constantFrom('good', 'bad');

const hostEvent: fc.Arbitrary<HostEvent> = fc.oneof(
  fc.record({ key: quality, commitment: quality }).map((hello): HostEvent => ({ type: 'message', message: { type: 'hello', ...hello } })),
  quality.map((proof): HostEvent => ({ type: 'message', message: { type: 'reveal', nonce: 'n', proof, ...claims } })),
  fc.constantFrom<HostEvent>(
    { type: 'message', message: { type: 'same' } },
    { type: 'message', message: { type: 'different' } },
    { type: 'message', message: null },
    { type: 'decided', roles: ['node'] },
    { type: 'decided', roles: null },
    { type: 'issued', approval: APPROVAL },
    { type: 'expired' },
  ),
);

const HOST_PATH: readonly HostEvent[] = [
  { type: 'message', message: { type: 'hello', key: 'good', commitment: 'good' } },
  { type: 'message', message: { type: 'reveal', nonce: 'n', proof: 'good', ...claims } },
  { type: 'message', message: { type: 'same' } },
  { type: 'decided', roles: ['node'] },
  { type: 'issued', approval: APPROVAL },
];

/** Any events after the first steps of a path. Without these steps hardly any sequence comes to the end of the path. */
const eventsAfter = <E>(steps: readonly E[], event: fc.Arbitrary<E>): fc.Arbitrary<readonly E[]> =>
  fc.tuple(fc.nat(steps.length), fc.array(event, { maxLength: 12 })).map(([count, more]) => [...steps.slice(0, count), ...more]);

test('host: any events -> issue only after show, approval and same; approved only after issue; ends once', () => {
  let issued = 0;
  fc.assert(
    fc.property(eventsAfter(HOST_PATH, hostEvent), (events) => {
      let state: HostState = HOST_START;
      const seen = { show: 0, issue: 0, end: 0, approve: 0, same: 0 };
      for (const event of events) {
        const isOpen = seen.show === 1 && seen.end === 0;
        if (isOpen && event.type === 'decided' && event.roles !== null) seen.approve++;
        if (isOpen && event.type === 'message' && event.message?.type === 'same') seen.same++;
        const [next, effects] = stepHost(state, event, { pin: 'p', exporter: 'e', nonce: 'n' }, crypto);
        state = next;
        for (const effect of effects) {
          expect(seen.end).toBe(0);
          if (effect.type === 'show' || effect.type === 'issue' || effect.type === 'end') seen[effect.type]++;
          if (effect.type === 'issue') expect([seen.show, seen.approve > 0, seen.same > 0]).toEqual([1, true, true]);
          if (effect.type === 'send' && effect.message.type === 'approved') expect(seen.issue).toBe(1);
        }
      }
      expect([seen.show, seen.issue, seen.end].every((count) => count <= 1)).toBe(true);
      issued += seen.issue;
    }),
    { numRuns: 10_000 },
  );
  expect(issued).toBeGreaterThan(100);
});

const joinerEvent = fc.constantFrom<JoinerEvent>(
  { type: 'opened' },
  { type: 'message', message: { type: 'nonce', nonce: 'n' } },
  { type: 'message', message: { type: 'approved', ...APPROVAL } },
  { type: 'message', message: { type: 'denied' } },
  { type: 'message', message: { type: 'busy', retry_after_seconds: 1 } },
  { type: 'message', message: null },
  { type: 'answered', isSame: true },
  { type: 'answered', isSame: false },
  { type: 'expired' },
);

const JOINER_PATH: readonly JoinerEvent[] = [
  { type: 'opened' },
  { type: 'message', message: { type: 'nonce', nonce: 'n' } },
  { type: 'answered', isSame: true },
  { type: 'message', message: { type: 'approved', ...APPROVAL } },
];

test('newcomer: any events -> joined only after its own person confirmed the digits that it showed; ends once', () => {
  let joined = 0;
  fc.assert(
    fc.property(eventsAfter(JOINER_PATH, joinerEvent), (events) => {
      let state: JoinerState = JOINER_START;
      const context = { pin: 'p', exporter: 'e', key: 'k', nonce: 'n', claims };
      let [isShown, isConfirmed, ends] = [false, false, 0];
      for (const event of events) {
        if (isShown && ends === 0 && event.type === 'answered' && event.isSame) isConfirmed = true;
        const [next, effects] = stepJoiner(state, event, context, { ...crypto, sign: () => 'good' });
        state = next;
        for (const effect of effects) {
          if (effect.type === 'compare') isShown = true;
          if (effect.type !== 'end') continue;
          ends++;
          if (effect.outcome.code !== 'joined') continue;
          expect(isConfirmed).toBe(true);
          joined++;
        }
      }
      expect(ends).toBeLessThanOrEqual(1);
    }),
    { numRuns: 10_000 },
  );
  expect(joined).toBeGreaterThan(100);
});

test('messages: any text -> decoded within its limits or null, never an error', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.json({ maxDepth: 6 }),
    fc.jsonValue().map((value) => JSON.stringify({ type: 'reveal', ...(Object(value) as object) })),
  );
  fc.assert(
    fc.property(text, (each) => {
      for (const message of [parseJoinerMessage(each), parseHostMessage(each)])
        expect(message === null || typeof message.type === 'string').toBe(true);
    }),
    { numRuns: 10_000 },
  );
});

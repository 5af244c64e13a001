// Any order of events: no credential is created or accepted before both people confirmed, and nothing is shown before the commitment
// was opened.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOST_START, type HostEvent, type HostState, stepHost } from '../../../../src/main/joining/core/host-machine';
import type { JoinCrypto } from '../../../../src/main/joining/core/join-crypto';
import { parseHostMessage, parseJoinerMessage } from '../../../../src/main/joining/core/join-messages';
import { JOINER_START, type JoinerEvent, type JoinerState, stepJoiner } from '../../../../src/main/joining/core/joiner-machine';

/** Accepts the commitment `good` and the proof `good` alone. */
const crypto: JoinCrypto = {
  commitmentTo: () => 'good',
  isKey: (key) => key !== 'bad',
  digitsOf: () => '000123',
  isProof: (_transcript, proof) => proof === 'good',
};
const APPROVAL = { credential: 'mn_0123456789abcdef', member_id: 'm', pool_name: 'p', addresses: [] };
const claims = { name: 'n', gpus: [] };
const quality = fc.constantFrom('good', 'bad');

const hostEvent: fc.Arbitrary<HostEvent> = fc.oneof(
  fc.record({ key: quality, commitment: quality }).map((hello): HostEvent => ({ type: 'message', message: { type: 'hello', ...hello } })),
  quality.map((proof): HostEvent => ({ type: 'message', message: { type: 'reveal', nonce: 'n', proof, ...claims } })),
  fc.constantFrom<HostEvent>(
    { type: 'message', message: { type: 'same' } },
    { type: 'message', message: { type: 'different' } },
    { type: 'message', message: null },
    { type: 'decided', approve: true },
    { type: 'decided', approve: false },
    { type: 'issued', approval: APPROVAL },
    { type: 'expired' },
  ),
);

test('host: any events -> issue only after show, approval and same; approved only after issue; ends once', () => {
  fc.assert(
    fc.property(fc.array(hostEvent, { maxLength: 12 }), (events) => {
      let state: HostState = HOST_START;
      const seen = { show: 0, issue: 0, end: 0, approve: 0, same: 0 };
      for (const event of events) {
        const isOpen = seen.show === 1 && seen.end === 0;
        if (isOpen && event.type === 'decided' && event.approve) seen.approve++;
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
    }),
    { numRuns: 10_000 },
  );
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

test('newcomer: any events -> joined only after its own person confirmed the digits that it showed; ends once', () => {
  fc.assert(
    fc.property(fc.array(joinerEvent, { maxLength: 12 }), (events) => {
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
          if (effect.outcome.code === 'joined') expect(isConfirmed).toBe(true);
        }
      }
      expect(ends).toBeLessThanOrEqual(1);
    }),
    { numRuns: 10_000 },
  );
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

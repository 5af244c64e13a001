// Names of nodes and ids of models: composed, and without characters that a screen does not show.
import { describe, expect, it } from 'vitest';
import { decodeNodeMessage } from '../../../../src/shared/protocol/decode';
import { registration } from '../../../support/test-node';

const decodedWith = (change: object) => decodeNodeMessage(JSON.stringify(registration(change)));
const model = (modelId: string) => ({ model_id: modelId, kind: 'llm', version: '1' });

const REFUSED = ['a\nb', 'a\r', '\u0000', 'a\u001b[2J', '\u0085', 'a\u2028b', 'a\u202eb', '\u2066a', 'a\ud800', '\udc00a'];

describe('names', () => {
  it.each(REFUSED)('refused character in a name or id: %j -> invalid, the field is named', (text) => {
    expect(decodedWith({ name: text })).toMatchObject({ ok: false, error: { field: 'name' } });
    expect(decodedWith({ installed_models: [model(text)] })).toMatchObject({ ok: false, error: { field: 'installed_models[0].model_id' } });
    expect(decodedWith({ capability_state: { [text]: 'ready' } })).toMatchObject({ ok: false });
  });

  it.each(['Ada’s PC 😀', '节点一', 'لينا', 'a\u200db', '../../etc/passwd', '__proto__'])('other text: %s -> unchanged', (name) => {
    expect(decodedWith({ name, installed_models: [model(name)] })).toMatchObject({
      ok: true,
      value: { name, installed_models: [{ model_id: name }] },
    });
  });

  it('decomposed text -> composed, also in the keys of capability_state', () => {
    const decomposed = 'cafe\u0301';
    expect(
      decodedWith({ name: decomposed, installed_models: [model(decomposed)], capability_state: { [decomposed]: 'ready' } }),
    ).toMatchObject({
      ok: true,
      value: { name: 'caf\u00e9', installed_models: [{ model_id: 'caf\u00e9' }], capability_state: { 'caf\u00e9': 'ready' } },
    });
  });

  it('text of megabytes -> refused by its length', () => {
    expect(decodedWith({ name: 'e\u0301'.repeat(1_000_000) })).toMatchObject({ ok: false, error: { field: 'name' } });
  });
});

import { describe, expect, test } from 'vitest';
import { EMPTY_FORM, toRequirements } from '../../../../src/renderer/pages/jobs/explain/requirements';
import { ok } from '../../../../src/shared/result';

describe('toRequirements', () => {
  test('empty form -> no requirements', () => {
    expect(toRequirements(EMPTY_FORM)).toEqual(ok({ required_models: [], public: true }));
  });

  test('full form -> all requirements', () => {
    const form = {
      models: ' a, b\nc，d ,',
      kind: 'nmt',
      srcLang: 'en',
      tgtLang: ' zh ',
      memoryGb: '24.5',
      nodeId: 'node-1',
      features: ['emotion_detection' as const],
      isPublic: true,
      inputTokens: ' 2000',
      outputTokens: '0',
    };
    expect(toRequirements(form)).toEqual(
      ok({
        required_models: ['a', 'b', 'c', 'd'],
        required_kinds: [{ kind: 'nmt', src_lang: 'en', tgt_lang: 'zh' }],
        required_features: ['emotion_detection'],
        public: true,
        node_id: 'node-1',
        min_gpu_memory_gb: 24.5,
        input_tokens: 2000,
        output_tokens: 0,
      }),
    );
  });

  test.each(['-1', 'many', '1e9'])('memory %j -> error at its field', (memoryGb) => {
    expect(toRequirements({ ...EMPTY_FORM, memoryGb })).toMatchObject({ ok: false, error: { field: 'min_gpu_memory_gb' } });
  });

  test('tokens that are no whole number -> error at their field', () => {
    expect(toRequirements({ ...EMPTY_FORM, inputTokens: '1.5' })).toMatchObject({ ok: false, error: { field: 'input_tokens' } });
    expect(toRequirements({ ...EMPTY_FORM, outputTokens: 'many' })).toMatchObject({ ok: false, error: { field: 'output_tokens' } });
  });
});

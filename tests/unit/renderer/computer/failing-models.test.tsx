import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { SITUATIONS } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

test('failing model, zh-CN: the text of a code is in the language of the screen', async () => {
  show(SITUATIONS.failing_model(), { page: 'computer', language: 'zh-CN' });
  expect(await screen.findAllByText('最近的错误：模型服务无响应')).toHaveLength(2);
});

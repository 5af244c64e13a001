import { expect, test } from 'vitest';
import { closeQuestion } from '../../../../src/main/desktop/core/close-question';
import { stateOf } from '../../../../src/shared/api/app-state';
import { hosting, type Situation, SITUATIONS } from '../../../fixtures/app-states/states';

const questionOf = (situation: Situation, language: 'en' | 'zh' = 'en') => closeQuestion(stateOf(SITUATIONS[situation]()), language);

test.each<[Situation, string, string, string]>([
  ['ready', 'Keep sharing in the background?', 'Keep sharing', 'Quit, stop sharing'],
  ['no_gpu', 'Keep Muster running in the background?', 'Keep running', 'Quit'],
  ['first_run', 'Keep Muster running in the background?', 'Keep running', 'Quit'],
])('question: %s -> %s', (situation, message, stay, quit) => {
  expect(questionOf(situation)).toMatchObject({ message, buttons: { stay, quit, cancel: 'Cancel' } });
});

test('question: pool of this computer alone -> shares nothing, and the answer says what it does', () => {
  const { agent, host } = stateOf(hosting());
  const alone = closeQuestion({ agent, host: host === null ? null : { ...host, scope: 'this_computer' } }, 'en');
  expect(alone).toMatchObject({ message: 'Keep Muster running in the background?', buttons: { stay: 'Keep running', quit: 'Quit' } });
  expect(alone.detail).toContain('"Keep running" closes the window only.');
  expect(closeQuestion({ agent, host }, 'en').message).toBe('Keep sharing in the background?');
  expect(closeQuestion({ agent, host }, 'en').detail).toMatch(/^"Keep sharing" closes the window only\./);
});

test('question: running jobs are named, in both languages', () => {
  expect(questionOf('ready').detail).toMatch(/ 1 job runs here\.$/);
  expect(questionOf('full').detail).toMatch(/ 4 jobs run here\.$/);
  expect(questionOf('full', 'zh').detail).toContain('本机正在运行 4 个任务。');
  expect(questionOf('first_run').detail).toMatch(/ in Settings\.$/);
});

// The settings of sharing where this computer shares nothing, and those of a scheduler where none runs.
import { cleanup, screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { AppSnapshot } from '../../../../src/shared/api/app-state';
import { hosting, SITUATIONS } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');

describe('no node runs here', () => {
  const sectionOf = async (state: AppSnapshot, section: string) => {
    show(state, { page: `settings/${section}` });
    return textOf(await screen.findByRole('region', { name: section === 'sharing' ? 'Sharing' : 'Schedule and pauses' }));
  };

  test.each([
    ['in_cluster', 'This program runs no node.'],
    ['no_gpu', 'This computer has no usable GPU, so it shares nothing.'],
    ['first_run', 'This computer is in no pool, so it shares nothing.'],
  ] as const)('%s -> the settings of sharing say when they take effect', async (situation, text) => {
    const state = SITUATIONS[situation]();
    expect(await sectionOf(state, 'sharing')).toContain(`${text} These settings take effect when this computer shares.`);
    cleanup();
    expect(await sectionOf(state, 'pauses')).toContain(text);
  });

  test('no GPU -> no load beside a limit', async () => {
    expect(await sectionOf(SITUATIONS.no_gpu(), 'sharing')).not.toMatch(/Now \d/);
    cleanup();
    expect(await sectionOf(hosting(), 'sharing')).toMatch(/Now \d/);
  });

  test('shares -> no such text', async () => {
    expect(await sectionOf(hosting(), 'sharing')).not.toContain('take effect when');
  });
});

describe('no scheduler runs here', () => {
  const sectionOf = async (state: AppSnapshot, section: string, title: string) => {
    show(state, { page: `settings/${section}` });
    return textOf(await screen.findByRole('region', { name: title }));
  };
  const SECTIONS = [
    ['network', 'Network'],
    ['dispatch', 'Dispatch'],
    ['jobs', 'Jobs and storage'],
    ['nodes', 'Node health'],
    ['keys', 'Keys and limits'],
    ['cluster', 'Cluster'],
  ] as const;

  test.each(SECTIONS)('%s: member of another pool -> says whose settings they are, and not when changes apply', async (section, title) => {
    const text = await sectionOf(SITUATIONS.member_of_pool(), section, title);
    expect(text).toContain('These settings apply to a pool that this computer hosts. Atelier is managed on its host.');
    expect(text).not.toContain('Changes apply');
  });

  test('in no pool -> without a pool', async () => {
    const text = await sectionOf(SITUATIONS.first_run(), 'dispatch', 'Dispatch');
    expect(text).toContain('a pool that this computer hosts.');
    expect(text).not.toContain('managed on its host');
  });

  test('hosts a pool, or is a scheduler alone -> no such text', async () => {
    expect(await sectionOf(hosting(), 'dispatch', 'Dispatch')).toContain('Changes apply at once');
    cleanup();
    expect(await sectionOf(SITUATIONS.in_cluster(), 'dispatch', 'Dispatch')).not.toContain('that this computer hosts');
  });
});

import { describe, expect, test } from 'vitest';
import { isSigned, namesBySystem, releaseFilesIn, unsignedNames } from '../../../../scripts/release/release-names.mjs';
import { UPDATE_FORMATS } from '../../../../src/main/updates/core/release';

const { linux, windows, macos } = namesBySystem('1.2.3');
const all = [linux, windows, macos].flatMap((system) => [...(system?.packages ?? []), system?.metadata ?? '']);
const find = (files: readonly string[]) => {
  const { found, faults } = releaseFilesIn(files, '1.2.3');
  return { found: [...found.keys()], faults };
};

describe('files of a release', () => {
  test('in one folder, or in one for each system -> each is found with its system', () => {
    expect(find(all)).toEqual({ found: all, faults: [] });
    const files = ['linux/muster_1.2.3_amd64.deb', 'linux/latest-linux.yml', 'windows/Muster-Setup-1.2.3.exe', 'macos/latest-mac.yml'];
    const { found } = releaseFilesIn(files, '1.2.3');
    expect([...found]).toEqual([
      [files[0], { system: 'linux', name: 'muster_1.2.3_amd64.deb', isMetadata: false }],
      [files[1], { system: 'linux', name: 'latest-linux.yml', isMetadata: true }],
      [files[2], { system: 'windows', name: 'Muster-Setup-1.2.3.exe', isMetadata: false }],
      [files[3], { system: 'macos', name: 'latest-mac.yml', isMetadata: true }],
    ]);
  });

  test.each([
    'muster_1.2.2_amd64.deb',
    'muster_1.2.3-1_amd64.deb',
    'muster_11.2.3_amd64.deb',
    'muster_1.2.30_amd64.deb',
    'evil-1.2.3.deb',
    'Muster-1.2.3.exe',
    'linux-unpacked/muster-1.2.3.tar.gz',
    'linux/deep/muster_1.2.3_amd64.deb',
    'linux/muster_1.2.2_amd64.deb',
    'other/muster_1.2.3_amd64.deb',
    'builder-debug.yml',
    'latest-linux-evil.yml',
  ])('another version, another name or another folder: %s -> left out', (file) => {
    expect(find([file])).toEqual({ found: [], faults: [] });
  });

  test('package or metadata from the folder of another system, or a second one -> fault', () => {
    expect(find(['windows/muster_1.2.3_amd64.deb', 'linux/latest.yml', 'muster-1.2.3.pacman', 'linux/muster-1.2.3.pacman'])).toEqual({
      found: ['muster-1.2.3.pacman'],
      faults: [
        'windows/muster_1.2.3_amd64.deb is not a file of windows.',
        'linux/latest.yml is not a file of linux.',
        'muster-1.2.3.pacman is there twice.',
      ],
    });
  });

  test('signed: checksums and the metadata of each system', () => {
    expect(unsignedNames('1.2.3').filter(isSigned)).toEqual(['latest-linux.yml', 'latest.yml', 'latest-mac.yml', 'SHA256SUMS']);
  });

  test('each format that updates itself has one package', () => {
    for (const ending of Object.values(UPDATE_FORMATS))
      expect(
        all.filter((name) => name.endsWith(ending)),
        ending,
      ).toHaveLength(1);
  });
});

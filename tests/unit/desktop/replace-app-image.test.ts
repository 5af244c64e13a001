import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { replaceAppImage } from '../../../src/main/desktop/replace-app-image';

let folder = '';
let [appImage, downloaded] = ['', ''];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-appimage-'));
  [appImage, downloaded] = [path.join(folder, 'Muster.AppImage'), path.join(folder, 'pending.AppImage')];
  writeFileSync(appImage, 'old', { mode: 0o755 });
  writeFileSync(downloaded, 'new');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('AppImage', () => {
  test('replaced under its name, executable; nothing else is left', () => {
    const before = statSync(appImage).ino;
    expect(replaceAppImage(downloaded, appImage)).toBeNull();
    expect(readFileSync(appImage, 'utf8')).toBe('new');
    expect(statSync(appImage).mode & 0o777).toBe(0o755);
    // The running program goes on with the file of before.
    expect(statSync(appImage).ino).not.toBe(before);
    expect(readdirSync(folder)).toEqual(['Muster.AppImage']);
  });

  test('download is gone -> the reason, and the old file stays as it was', () => {
    rmSync(downloaded);
    expect(replaceAppImage(downloaded, appImage)).toBe('ENOENT');
    expect([readFileSync(appImage, 'utf8'), readdirSync(folder)]).toEqual(['old', ['Muster.AppImage']]);
  });

  test('new file cannot take the place of the old one -> the reason, no part is left', () => {
    rmSync(appImage);
    mkdirSync(path.join(appImage, 'inside'), { recursive: true });
    expect(replaceAppImage(downloaded, appImage)).toMatch(/^E(ISDIR|EXIST|NOTEMPTY)$/);
    expect([existsSync(path.join(appImage, 'inside')), readdirSync(folder).toSorted()]).toEqual([
      true,
      ['Muster.AppImage', 'pending.AppImage'],
    ]);
  });
});

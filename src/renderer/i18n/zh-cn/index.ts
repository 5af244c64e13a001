// 简体中文文案目录。键与英文目录完全相同，由类型和测试保证。窗口分两部分加载：见 ../texts.ts。
import type { Catalogue } from '../en/index';
import { firstZhCn } from './zh-cn-first';
import { laterZhCn } from './zh-cn-later';

export const zhCn: Catalogue = { ...firstZhCn, ...laterZhCn };

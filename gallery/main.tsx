// The entry of the gallery: a URL that names a case or parts of the dashboard shows them, every other URL shows the index.
import '../src/renderer/zod-config';
import '@mantine/core/styles.css';
import '../src/renderer/theme/base.css';
import { createRoot } from 'react-dom/client';
import { createGallery, type Gallery } from './gallery';
import { loadLaterTexts, loadTexts } from '../src/renderer/i18n/texts';
import { GalleryIndex } from './GalleryIndex';
import { parseLook, parseSearch } from './gallery-case';
import { isPartsName, PartsPage } from './parts/PartsPage';

declare global {
  interface Window {
    /** For tests: shows another case without loading the page again. */
    gallery: Gallery;
  }
}

const element = document.getElementById('root');
if (element === null) throw new Error('index.html has no #root');
// A case may have either language.
await Promise.all([loadTexts('en'), loadTexts('zh-CN')]);
await loadLaterTexts();
const root = createRoot(element);
window.gallery = createGallery(root);

const parts = new URLSearchParams(location.search).get('parts');
if (isPartsName(parts)) root.render(<PartsPage name={parts} look={parseLook(location.search)} />);
else if (parseSearch(location.search) === null) root.render(<GalleryIndex />);
else void window.gallery.show(location.search);

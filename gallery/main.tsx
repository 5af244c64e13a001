// The entry of the gallery: a URL that names a case shows the case, every other URL shows the index.
import '../src/renderer/zod-config';
import '@mantine/core/styles.css';
import '../src/renderer/theme/base.css';
import { createRoot } from 'react-dom/client';
import { createGallery, type Gallery } from './gallery';
import { GalleryIndex } from './GalleryIndex';
import { parseSearch } from './gallery-case';

declare global {
  interface Window {
    /** For tests: shows another case without loading the page again. */
    gallery: Gallery;
  }
}

const element = document.getElementById('root');
if (element === null) throw new Error('index.html has no #root');
const root = createRoot(element);
window.gallery = createGallery(root);

if (parseSearch(location.search) === null) root.render(<GalleryIndex />);
else void window.gallery.show(location.search);

// Folders of this computer, as a list of paths.
import { Path } from '../../components/Path';

export const FolderList = ({ folders }: { readonly folders: readonly string[] }) => (
  <ul>
    {folders.map((folder) => (
      <li key={folder}>
        <Path path={folder} />
      </li>
    ))}
  </ul>
);

package io.kubra.node.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFoldersTest {
  private static final String NAME = "pvc-0a1b2c3d-0000-1111-2222-0123456789ab";

  @TempDir Path temporary;

  @Test
  void aFolderIsOpenToContainersAndItsRootToNobody() throws IOException {
    LocalFolders folders = new LocalFolders(temporary.resolve("root"));
    folders.create(NAME);
    folders.create(NAME);

    Path folder = folders.root().resolve(NAME);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwxrwxrwx");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folders.root())))
        .isEqualTo("rwx------");
  }

  @Test
  void removalFollowsNoLinks() throws IOException {
    Path outside = Files.createDirectory(temporary.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "data");
    LocalFolders folders = new LocalFolders(temporary.resolve("root"));
    folders.create(NAME);
    Path folder = folders.root().resolve(NAME);
    Files.createDirectories(folder.resolve("a/b"));
    Files.writeString(folder.resolve("a/b/file"), "x");
    Files.createSymbolicLink(folder.resolve("a/link"), outside);
    Files.createSymbolicLink(folder.resolve("dangling"), Path.of("/nowhere"));

    folders.delete(NAME);
    folders.delete(NAME);

    assertThat(folder).doesNotExist();
    assertThat(outside.resolve("precious")).exists();
  }

  @Test
  void aLinkInPlaceOfAFolderIsRemovedAndNotWhatItPointsTo() throws IOException {
    Path outside = Files.createDirectory(temporary.resolve("outside"));
    LocalFolders folders = new LocalFolders(temporary.resolve("root"));
    folders.prepare();
    Files.createSymbolicLink(folders.root().resolve(NAME), outside);

    assertThatThrownBy(() -> folders.create(NAME)).isInstanceOf(IOException.class);
    folders.delete(NAME);

    assertThat(outside).exists();
  }

  @Test
  void namesThatAreNoVolumesAreRefused() {
    LocalFolders folders = new LocalFolders(temporary.resolve("root"));
    for (String name : new String[] {"..", "pvc-x", "../" + NAME, NAME + "/..", ""}) {
      assertThatThrownBy(() -> folders.delete(name))
          .hasMessageContaining("is not the name of a provisioned volume");
      assertThatThrownBy(() -> folders.create(name)).isInstanceOf(IOException.class);
    }
  }
}

package io.kubra.cli.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubra.cli.CliException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerIdentityTest {
  @TempDir Path folder;

  @Test
  void aServerThatStartsAgainIsTheSame() throws Exception {
    String first;
    try (ServerIdentity identity = ServerIdentity.claim(folder.resolve("data"), "host")) {
      first = identity.toString();
    }
    try (ServerIdentity identity = ServerIdentity.claim(folder.resolve("data"), "host")) {
      assertThat(identity).hasToString(first);
    }
    assertThat(first).startsWith("host_");
  }

  @Test
  void aFolderServesOneServerAtATime() throws Exception {
    try (ServerIdentity unused = ServerIdentity.claim(folder, "host")) {
      assertThatThrownBy(() -> ServerIdentity.claim(folder, "host"))
          .isInstanceOf(CliException.class)
          .hasMessage("another server uses " + folder);
    }
  }

  @Test
  void anotherProcessSeesThatTheFolderIsInUse() throws Exception {
    Path locks = Path.of("/proc/locks");
    assumeTrue(Files.isReadable(locks), "the kernel does not list locks");
    try (ServerIdentity unused = ServerIdentity.claim(folder, "host")) {
      Object inode = Files.getAttribute(folder.resolve("server.lock"), "unix:ino");
      assertThat(Files.readAllLines(locks))
          .anyMatch(
              l ->
                  l.contains(" " + ProcessHandle.current().pid() + " ")
                      && l.contains(":" + inode + " "));
    }
  }

  @Test
  void aCopyOfAFolderIsAnother() throws Exception {
    Path copy = Files.createDirectory(folder.resolve("copy"));
    try (ServerIdentity original = ServerIdentity.claim(folder, "host")) {
      Files.copy(folder.resolve("server.lock"), copy.resolve("server.lock"));
      try (ServerIdentity other = ServerIdentity.claim(copy, "host")) {
        assertThat(other.toString()).isNotEqualTo(original.toString());
      }
    }
  }
}

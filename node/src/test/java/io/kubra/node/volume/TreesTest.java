package io.kubra.node.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreesTest {
  @TempDir Path temporary;

  @Test
  void aGroupGetsFilesAndFoldersButNothingBehindLinks() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
    Path volume = Files.createDirectories(temporary.resolve("volume/inner")).getParent();
    Path file = Files.writeString(volume.resolve("inner/file"), "x");
    Files.setAttribute(file, "unix:mode", 0600);
    Path outside = Files.writeString(temporary.resolve("outside"), "x");
    Files.setAttribute(outside, "unix:mode", 0600);
    Files.createSymbolicLink(volume.resolve("link"), outside);

    Trees.give(volume, 2000, false);

    assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(2000);
    assertThat((Integer) Files.getAttribute(file, "unix:mode") & 07777).isEqualTo(0660);
    assertThat((Integer) Files.getAttribute(volume.resolve("inner"), "unix:mode") & 02070)
        .isEqualTo(02070);
    assertThat(Files.getAttribute(outside, "unix:gid")).isEqualTo(0);
    assertThat((Integer) Files.getAttribute(outside, "unix:mode") & 07777).isEqualTo(0600);
  }
}

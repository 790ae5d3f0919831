package io.kubra.node.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  @TempDir Path folder;

  private static VolumeFile file(String text) {
    return new VolumeFile(text.getBytes(StandardCharsets.UTF_8), 0640, -1);
  }

  private boolean write(Map<String, VolumeFile> files) throws IOException {
    return new AtomicFiles(folder, null).write(files);
  }

  @Test
  void filesAppearUnderTheirNamesWithTheirModes() throws IOException {
    assertThat(write(Map.of("a", file("1"), "deep/b", file("2")))).isTrue();
    assertThat(folder.resolve("a")).hasContent("1").isSymbolicLink();
    assertThat(folder.resolve("deep/b")).hasContent("2");
    assertThat((Integer) Files.getAttribute(folder.resolve("a"), "unix:mode") & 0777)
        .isEqualTo(0640);
  }

  @Test
  void anUpdateReplacesAllAndLeavesNothingBehind() throws IOException {
    write(Map.of("a", file("1"), "b", file("2")));
    assertThat(write(Map.of("a", file("3"), "c", file("4")))).isTrue();
    assertThat(folder.resolve("a")).hasContent("3");
    assertThat(folder.resolve("b")).doesNotExist();
    assertThat(folder.resolve("c")).hasContent("4");
    try (Stream<Path> entries = Files.list(folder)) {
      assertThat(entries.filter(Files::isDirectory).filter(p -> !Files.isSymbolicLink(p)))
          .hasSize(1);
    }
  }

  @Test
  void theSameContentIsLeftAlone() throws IOException {
    write(Map.of("a", file("1")));
    Path data = Files.readSymbolicLink(folder.resolve("..data"));
    assertThat(write(Map.of("a", file("1")))).isFalse();
    assertThat(Files.readSymbolicLink(folder.resolve("..data"))).isEqualTo(data);
  }
}

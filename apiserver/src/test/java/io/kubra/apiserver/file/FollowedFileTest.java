package io.kubra.apiserver.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowedFileTest {
  @TempDir Path folder;

  @Test
  void changesAreHandedOnAndRefusedOnesDoNotEndIt() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "one");
    List<String> taken = new CopyOnWriteArrayList<>();
    try (FollowedFile followed =
        new FollowedFile(
            file,
            Files.readAllBytes(file),
            Duration.ofMillis(5),
            content -> {
              String text = new String(content, StandardCharsets.UTF_8);
              taken.add(text);
              if (text.equals("bad")) {
                throw new IllegalArgumentException("bad");
              }
            })) {
      followed.start();
      Files.writeString(file, "bad");
      await().until(() -> taken.contains("bad"));
      Files.delete(file);
      Files.writeString(file, "three");
      await().until(() -> taken.contains("three"));
    }
    assertThat(taken).doesNotContain("one");
  }
}

package io.kubra.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.store.Entry;
import io.kubra.store.StoreEvent;
import io.kubra.store.image.Image;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryTest {
  private static final Instant NOW = Instant.EPOCH;

  @TempDir Path home;

  private Recovery.Recovered recover(UUID boot) throws IOException {
    try (LogDirectory directory = LogDirectory.open(home)) {
      return Recovery.recover(directory, boot, NOW);
    }
  }

  private FileJournal.Opened open() {
    return FileJournal.open(new LogConfig(home, 1 << 16, 1 << 20, 0), NOW);
  }

  private static Image write(Journal journal, Image image, String key, String value) {
    Entry entry =
        new Entry(
            key,
            value.getBytes(StandardCharsets.UTF_8),
            image.revision() + 1,
            image.revision() + 1,
            1);
    journal.append(List.of(new LogRecord.Put(entry)));
    return image.apply(new StoreEvent.Put(entry, null), NOW);
  }

  /** Leaves the files of a process that died: released, but without a good end. */
  private void writeAndDie() throws IOException {
    Path copy = Files.createDirectory(home.resolve("copy"));
    FileJournal.Opened opened = open();
    write(opened.journal(), opened.image(), "/a", "1");
    Path segment = home.resolve("log-0000000000000001");
    Files.copy(segment, copy.resolve("log"));
    opened.journal().close();
    Files.move(copy.resolve("log"), segment, StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void theFolderIsClosedToOtherUsersOfTheHost() throws IOException {
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    open().journal().close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home)))
        .isEqualTo("rwx------");
  }

  @Test
  void afterTheDeathOfAProcessRevisionsGoOn() throws IOException {
    writeAndDie();
    Recovery.Recovered recovered = recover(BootId.current());
    assertThat(recovered.image().revision()).isEqualTo(2);
    assertThat(recovered.image().compactRevision()).isEqualTo(1);
  }

  @Test
  void afterTheDeathOfTheMachineRevisionsThatMayHaveBeenSeenAreSkipped() throws IOException {
    writeAndDie();
    Recovery.Recovered recovered = recover(UUID.randomUUID());
    assertThat(recovered.image().revision()).isEqualTo(2 + Recovery.SKIPPED);
    assertThat(recovered.image().compactRevision()).isEqualTo(2 + Recovery.SKIPPED);
    assertThat(recovered.image().get("/a")).isNotNull();
    assertThat(recovered.header().previousRevision()).isEqualTo(2);
    assertThat(recovered.header().baseRevision()).isEqualTo(2 + Recovery.SKIPPED);
  }

  @Test
  void afterAGoodEndNothingIsSkipped() throws IOException {
    FileJournal.Opened opened = open();
    write(opened.journal(), opened.image(), "/a", "1");
    opened.journal().close();
    assertThat(recover(UUID.randomUUID()).image().revision()).isEqualTo(2);
  }

  @Test
  void skippedRevisionsStaySkippedAtTheNextStart() throws IOException {
    writeAndDie();
    Recovery.Recovered jumped = recover(UUID.randomUUID());
    Path next = home.resolve("log-0000000000000002");
    Files.write(next, new byte[4096]);
    Segment segment = Segment.begin(next, jumped.header());
    segment.close();
    assertThat(recover(jumped.header().boot()).image().revision()).isEqualTo(2 + Recovery.SKIPPED);
  }

  @Test
  void compactionIsRemembered() throws IOException {
    FileJournal.Opened opened = open();
    Image image = write(opened.journal(), opened.image(), "/a", "1");
    image = write(opened.journal(), image, "/b", "1");
    opened.journal().append(List.of(new LogRecord.Compact(2)));
    opened.journal().close();
    assertThat(recover(BootId.current()).image().compactRevision()).isEqualTo(2);
    assertThat(image.revision()).isEqualTo(3);
  }
}

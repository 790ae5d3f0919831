package io.kubra.store.log;

import io.kubra.store.StoreFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes files of zeros in advance: writing into allocated blocks cannot run out of space and needs
 * no change of the file's size on disk, which makes a sync several times cheaper.
 */
final class Spares {
  private static final Logger log = LoggerFactory.getLogger(Spares.class);
  private static final int CHUNK = 256 << 10;

  /** Made while somebody waits: enough to go on with until the background has a full one. */
  private static final int SMALL = 1 << 20;

  private final LogDirectory directory;
  private final LogConfig config;
  private final ExecutorService background;
  private @Nullable Future<?> running;

  Spares(LogDirectory directory, LogConfig config, ExecutorService background) {
    this.directory = directory;
    this.config = config;
    this.background = background;
  }

  /** Begins to make the next file unless it is there. */
  void prepare() {
    running =
        background.submit(
            () -> {
              if (!Files.exists(directory.spare())) {
                allocate(config.segmentBytes(), config.reserveBytes());
              }
              return null;
            });
  }

  /**
   * Moves a file of zeros of at least so many bytes to a path.
   *
   * @param reserve how much space must stay free if a file has to be made for this
   * @throws StoreFullException when there is no space for one
   */
  void take(long bytes, long reserve, Path to) throws IOException {
    await();
    Path spare = directory.spare();
    if (!Files.exists(spare) || Files.size(spare) < bytes) {
      long small = Math.min(SMALL, config.segmentBytes());
      allocate(Math.max(bytes, small), reserve);
    }
    Files.move(spare, to, StandardCopyOption.ATOMIC_MOVE);
  }

  private void await() {
    Future<?> pending = running;
    running = null;
    if (pending == null) {
      return;
    }
    try {
      pending.get();
    } catch (ExecutionException e) {
      log.warn("no log segment could be allocated ahead: {}", String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void allocate(long bytes, long reserve) throws IOException {
    long usable = directory.usableBytes();
    if (usable - bytes < reserve) {
      throw new StoreFullException(
          "no space left for the store in %s: %d bytes are free, %d of them in reserve"
              .formatted(directory.path(), usable, reserve));
    }
    Path spare = directory.spare();
    Path unfinished = spare.resolveSibling(spare.getFileName() + LogDirectory.UNFINISHED);
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(bytes, CHUNK));
      for (long at = 0; at < bytes; ) {
        zeros.position(0).limit((int) Math.min(zeros.capacity(), bytes - at));
        at += channel.write(zeros, at);
      }
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(unfinished);
      throw e;
    }
    Files.move(unfinished, spare, StandardCopyOption.ATOMIC_MOVE);
  }
}

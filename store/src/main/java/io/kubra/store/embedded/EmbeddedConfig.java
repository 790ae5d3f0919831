package io.kubra.store.embedded;

import io.kubra.store.image.Retention;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/**
 * How an embedded store works.
 *
 * @param directory where its files are; made when it does not exist
 * @param segmentBytes the size of a log segment, allocated ahead
 * @param snapshotAfterBytes a snapshot is written once the log has grown by this, or by the size of
 *     the last snapshot if that is more
 * @param reserveBytes writes fail rather than to leave less space than this on the disk
 * @param flushInterval how long a buffered write may wait for the disk
 * @param retention how much of the past is kept
 * @param clock what the retention's age is measured with
 */
public record EmbeddedConfig(
    Path directory,
    int segmentBytes,
    long snapshotAfterBytes,
    long reserveBytes,
    Duration flushInterval,
    Retention retention,
    InstantSource clock) {

  private static final int SMALLEST_SEGMENT = 4096;

  /** Refuses sizes that cannot work. */
  public EmbeddedConfig {
    if (segmentBytes < SMALLEST_SEGMENT || snapshotAfterBytes <= 0 || reserveBytes < 0) {
      throw new IllegalArgumentException("sizes of the store's files are too small");
    }
    if (!flushInterval.isPositive()) {
      throw new IllegalArgumentException("the flush interval must be positive");
    }
  }

  /** The defaults, in a directory. */
  public static EmbeddedConfig at(Path directory) {
    return builder(directory).build();
  }

  /** A configuration that differs from the defaults. */
  public static Builder builder(Path directory) {
    return new Builder(directory);
  }

  /** Collects what differs from the defaults. */
  public static final class Builder {
    private final Path directory;
    private int segmentBytes = 16 << 20;
    private long snapshotAfterBytes = 32L << 20;
    private long reserveBytes = 32L << 20;
    private Duration flushInterval = Duration.ofMillis(100);
    private Retention retention = Retention.DEFAULT;
    private InstantSource clock = InstantSource.system();

    private Builder(Path directory) {
      this.directory = directory;
    }

    /** See {@link EmbeddedConfig#segmentBytes()}; 16 MiB unless told. */
    public Builder segmentBytes(int bytes) {
      this.segmentBytes = bytes;
      return this;
    }

    /** See {@link EmbeddedConfig#snapshotAfterBytes()}; 32 MiB unless told. */
    public Builder snapshotAfterBytes(long bytes) {
      this.snapshotAfterBytes = bytes;
      return this;
    }

    /** See {@link EmbeddedConfig#reserveBytes()}; 32 MiB unless told. */
    public Builder reserveBytes(long bytes) {
      this.reserveBytes = bytes;
      return this;
    }

    /** See {@link EmbeddedConfig#flushInterval()}; 100 ms unless told. */
    public Builder flushInterval(Duration interval) {
      this.flushInterval = interval;
      return this;
    }

    /** See {@link EmbeddedConfig#retention()}; {@link Retention#DEFAULT} unless told. */
    public Builder retention(Retention kept) {
      this.retention = kept;
      return this;
    }

    /** See {@link EmbeddedConfig#clock()}; the system's unless told. */
    public Builder clock(InstantSource source) {
      this.clock = source;
      return this;
    }

    /** The configuration. */
    public EmbeddedConfig build() {
      return new EmbeddedConfig(
          directory,
          segmentBytes,
          snapshotAfterBytes,
          reserveBytes,
          flushInterval,
          retention,
          clock);
    }
  }
}

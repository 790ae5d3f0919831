package io.kubra.store;

import java.nio.file.Path;

/**
 * Data that was acknowledged is damaged. The store refuses to open rather than to lose it silently.
 */
public final class CorruptStoreException extends StoreException {
  private static final long serialVersionUID = 1;

  private final String file;
  private final long offset;

  /** Names the file, the offset of the first damage, and what is wrong there. */
  public CorruptStoreException(Path file, long offset, String what) {
    super(file + " is damaged at offset " + offset + ": " + what);
    this.file = file.toString();
    this.offset = offset;
  }

  /** The damaged file. */
  public String file() {
    return file;
  }

  /** Where in the file the damage begins. */
  public long offset() {
    return offset;
  }
}

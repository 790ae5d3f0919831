package io.kubra.transport.io;

import java.io.InputStream;
import java.io.OutputStream;

/** Bytes both ways after an upgrade. The two directions may be used by two threads. */
public interface RawConnection extends AutoCloseable {
  /** What the peer sends; ends when the peer has finished or closed. */
  InputStream in();

  /**
   * What the peer gets. Each write is sent at once and blocks for a slow peer; closing the stream
   * tells the peer that nothing more will come, and leaves {@link #in} open.
   */
  OutputStream out();

  /** Closes both directions. */
  @Override
  void close();
}

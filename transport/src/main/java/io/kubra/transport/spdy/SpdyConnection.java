package io.kubra.transport.spdy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An open SPDY/3.1 connection carrying streams. Any thread may use it. */
public interface SpdyConnection extends AutoCloseable {
  /** Waits for a stream that the peer opens; it has been replied to. Null at the end. */
  @Nullable SpdyStream accept();

  /**
   * Opens a stream and waits for the peer's reply.
   *
   * @param headers names in lower case
   * @throws SpdyException when the peer refuses it, does not reply, or the connection has ended
   */
  SpdyStream open(Map<String, String> headers);

  /** Whether the connection still carries bytes. */
  boolean isOpen();

  /** Runs {@code callback} once on a virtual thread when the connection has ended. */
  void onClose(Runnable callback);

  /** Says goodbye (GOAWAY) after what was written has been sent, and closes. */
  @Override
  void close();
}

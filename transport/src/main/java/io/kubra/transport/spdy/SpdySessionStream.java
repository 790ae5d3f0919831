package io.kubra.transport.spdy;

import io.kubra.transport.io.InboundBytes;
import io.kubra.transport.io.ReadThrottle;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A stream of a {@link SpdySession}. */
final class SpdySessionStream implements SpdyStream {
  /** How many read bytes are worth a window update. */
  static final int PORTION = 16 * 1024;

  private static final int MAX_FRAME = 32 * 1024;

  private final SpdySession session;
  private final int id;
  private final Map<String, String> headers;
  private final SendWindows.Window window;
  private final CompletableFuture<Void> replied = new CompletableFuture<>();
  private final InboundBytes in;
  private final OutputStream out = new Out();
  private final AtomicBoolean writeEnded = new AtomicBoolean();
  private int unreturned;
  private volatile boolean localEnded;
  private volatile boolean remoteEnded;

  SpdySessionStream(
      SpdySession session, int id, Map<String, String> headers, SendWindows.Window window) {
    this.session = session;
    this.id = id;
    this.headers = Map.copyOf(headers);
    this.window = window;
    this.in = new InboundBytes(null, 1, this::consumed);
  }

  private void consumed(int bytes) {
    session.consumed(this, bytes);
    ReadThrottle.taken(session.channel(), in);
  }

  // ---- event loop

  void arrived(ByteBuf bytes) {
    in.offer(bytes);
    // for peers that ignore windows: TCP holds them back, at the price of all their streams
    ReadThrottle.queued(session.channel(), in::queued);
  }

  /** Counts bytes that were read; how many to give back now. */
  int returnable(int read) {
    unreturned += read;
    int portion = unreturned >= PORTION ? unreturned : 0;
    unreturned -= portion;
    return portion;
  }

  void remoteEnded() {
    remoteEnded = true;
    in.finish();
  }

  /** The peer's interest in this stream is over; a cause makes it an error for the reader. */
  void peerGone(@Nullable Throwable cause) {
    if (cause == null) {
      in.finish();
    } else {
      in.fail(cause);
    }
    remoteEnded = true;
    localEnded = true;
    session.windows().breakOff(window);
  }

  boolean over() {
    return localEnded && remoteEnded;
  }

  CompletableFuture<Void> replied() {
    return replied;
  }

  SendWindows.Window window() {
    return window;
  }

  // ---- users

  @Override
  public int id() {
    return id;
  }

  @Override
  public Map<String, String> headers() {
    return headers;
  }

  @Override
  public InputStream in() {
    return in;
  }

  @Override
  public OutputStream out() {
    return out;
  }

  @Override
  public void closeWrite() {
    if (writeEnded.compareAndSet(false, true) && !localEnded) {
      localEnded = true;
      DefaultSpdyDataFrame end = new DefaultSpdyDataFrame(id, Unpooled.EMPTY_BUFFER);
      end.setLast(true);
      session.endLocally(this, end, false);
    }
  }

  @Override
  public void reset() {
    writeEnded.set(true);
    session.windows().breakOff(window);
    in.close();
    if (!over()) {
      localEnded = true;
      remoteEnded = true;
      session.endLocally(this, new DefaultSpdyRstStreamFrame(id, SpdyStreamStatus.CANCEL), true);
    }
  }

  @Override
  public void close() {
    closeWrite();
    in.close();
  }

  private final class Out extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int at = offset;
      int end = offset + length;
      while (at < end) {
        if (localEnded || writeEnded.get()) {
          throw new IOException("the stream is closed");
        }
        int size = session.windows().take(window, Math.min(MAX_FRAME, end - at));
        send(bytes, at, size);
        at += size;
      }
    }

    private void send(byte[] bytes, int offset, int size) throws IOException {
      try {
        session.gate().enter(size);
      } catch (SpdyException e) {
        throw new IOException(e.getMessage(), e);
      }
      DefaultSpdyDataFrame data =
          new DefaultSpdyDataFrame(id, Unpooled.copiedBuffer(bytes, offset, size));
      session.channel().writeAndFlush(data).addListener(done -> session.gate().left(size));
    }

    @Override
    public void close() {
      closeWrite();
    }
  }
}

package io.kubra.transport.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what a handler writes, without copying, and sends it in few pieces. */
final class BufferedResponseStream implements ResponseStream {
  private static final int ENOUGH = 64 * 1024;

  private final BaseExchange exchange;
  private final boolean bodiless;
  private final List<ByteBuf> waiting = new ArrayList<>(4);
  private int waitingBytes;
  private BaseExchange.@Nullable Head head;
  private boolean closed;

  BufferedResponseStream(BaseExchange exchange, BaseExchange.Head head, boolean bodiless) {
    this.exchange = exchange;
    this.head = head;
    this.bodiless = bodiless;
  }

  @Override
  public void write(byte[]... chunks) {
    for (byte[] chunk : chunks) {
      add(Unpooled.wrappedBuffer(chunk));
    }
  }

  @Override
  public void write(ByteBuffer chunk) {
    add(Unpooled.wrappedBuffer(chunk));
  }

  private void add(ByteBuf chunk) {
    if (closed) {
      throw new IllegalStateException("the response is closed");
    }
    if (bodiless || !chunk.isReadable()) {
      return;
    }
    waiting.add(chunk);
    waitingBytes += chunk.readableBytes();
    if (waitingBytes >= ENOUGH) {
      flush();
    }
  }

  @Override
  public void flush() {
    if (!closed && (head != null || waitingBytes > 0)) {
      send(false);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      send(true);
    }
  }

  private void send(boolean last) {
    int size = waitingBytes;
    ByteBuf data =
        switch (waiting.size()) {
          case 0 -> Unpooled.EMPTY_BUFFER;
          case 1 -> waiting.get(0);
          default -> Unpooled.wrappedBuffer(waiting.size(), waiting.toArray(ByteBuf[]::new));
        };
    waiting.clear();
    waitingBytes = 0;
    exchange.gate().enter(size);
    BaseExchange.Head first = head;
    head = null;
    exchange.send(first, data, last);
  }

  @Override
  public void abort() {
    if (!closed) {
      closed = true;
      waiting.clear();
      waitingBytes = 0;
      exchange.breakOff();
    }
  }
}

package io.kubra.transport.http;

import io.kubra.transport.io.ReadThrottle;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection of the server. Requests are answered one after the other; pipelined ones
 * wait here. Everything runs on the connection's event loop, except the handlers.
 */
final class Http1Server extends ChannelInboundHandlerAdapter {
  /** Sent through the pipeline when the server wants to stop. */
  enum Drain {
    NOW
  }

  private static final int MAX_WAITING = 64;

  /** How much of a request body is received for nothing to keep the connection. */
  static final int MAX_DISCARD = 256 * 1024;

  private static final Duration LINGER = Duration.ofSeconds(1);

  private final ServerConnection connection;
  private final ArrayDeque<HttpObject> waiting = new ArrayDeque<>(2);
  private ChannelHandlerContext ctx;
  private ConnectionDeadline deadline;
  private @Nullable Http1Exchange current;
  private boolean requestComplete;
  private boolean handlerDone;
  private boolean inputClosed;
  private boolean closing;
  private boolean draining;
  private boolean everServed;
  private int discarded;

  @SuppressWarnings("NullAway.Init") // ctx and deadline come with handlerAdded
  Http1Server(ServerConnection connection) {
    this.connection = connection;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
    deadline = new ConnectionDeadline(context, this::expired);
    deadline.set(connection.config.headerTimeout);
  }

  ServerConnection connection() {
    return connection;
  }

  boolean draining() {
    return draining;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (closing || !(message instanceof HttpObject part)) {
      ReferenceCountUtil.release(message);
    } else if (current != null && requestComplete) {
      waiting.add(part);
      if (waiting.size() > MAX_WAITING) {
        ctx.channel().config().setAutoRead(false);
      }
    } else {
      receive(part);
    }
  }

  private void receive(HttpObject part) {
    if (part instanceof HttpRequest request) {
      if (part.decoderResult().isFailure()) {
        ReferenceCountUtil.release(part);
        refuse(part.decoderResult().cause());
        return;
      }
      begin(request);
    }
    if (part instanceof HttpContent content) {
      content(content);
    }
  }

  private void begin(HttpRequest request) {
    String problem = problem(request);
    if (problem != null) {
      refuse(400, "Bad Request", "400 Bad Request: " + problem);
      return;
    }
    deadline.suspend();
    everServed = true;
    requestComplete = false;
    handlerDone = false;
    discarded = 0;
    Http1Exchange exchange = Http1Exchange.of(this, request);
    current = exchange;
    HttpHandler handler = connection.config.handler;
    Thread.startVirtualThread(() -> exchange.run(handler));
  }

  private static @Nullable String problem(HttpRequest request) {
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    boolean modern = request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0;
    if (modern && hosts.isEmpty()) {
      return "missing required Host header";
    }
    if (hosts.size() > 1) {
      return "too many Host headers";
    }
    return null;
  }

  private void content(HttpContent content) {
    Http1Exchange exchange = current;
    if (exchange == null) {
      content.release();
      return;
    }
    if (content.decoderResult().isFailure()) {
      content.release();
      exchange.malformed(content.decoderResult().cause());
      requestComplete = true;
      closing = true;
      return;
    }
    ByteBuf bytes = content.content();
    int length = bytes.readableBytes();
    exchange.arrived(bytes);
    if (content instanceof LastHttpContent) {
      requestComplete = true;
      exchange.requestEnded();
      if (handlerDone) {
        next();
      }
    } else if (handlerDone) {
      discarded += length;
      if (discarded > MAX_DISCARD) {
        closeGently();
      }
    } else {
      ReadThrottle.queued(ctx.channel(), exchange::queuedBytes);
    }
  }

  /** The current exchange's handler has returned and its response is written. */
  void done(boolean keepAlive) {
    handlerDone = true;
    if (!keepAlive || draining || inputClosed || closing) {
      closeGently();
    } else if (requestComplete) {
      next();
    } else {
      ReadThrottle.resume(ctx.channel());
      deadline.set(connection.config.bodyTimeout);
    }
  }

  private void next() {
    current = null;
    deadline.set(connection.config.idleTimeout);
    ReadThrottle.resume(ctx.channel());
    while (!closing && !(current != null && requestComplete)) {
      HttpObject part = waiting.poll();
      if (part == null) {
        break;
      }
      receive(part);
    }
  }

  /** Takes this connection out of HTTP: the codec and this handler leave the pipeline. */
  void leave() {
    deadline.suspend();
    current = null;
    ctx.pipeline().remove(this);
  }

  private void refuse(Throwable cause) {
    if (cause instanceof TooLongFrameException) {
      refuse(431, "Request Header Fields Too Large", "431 Request Header Fields Too Large");
    } else {
      refuse(400, "Bad Request", "400 Bad Request");
    }
  }

  private void refuse(int status, String reason, String text) {
    if (closing) {
      return;
    }
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            new HttpResponseStatus(status, reason),
            Unpooled.wrappedBuffer(body));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    response.headers().set(HttpHeaderNames.CONNECTION, "close");
    ctx.write(response);
    closeGently();
  }

  /**
   * Sends what is written, says that nothing more comes, and drops for a moment what the client
   * still sends: closing at once would reset the connection and could destroy the answer on its
   * way.
   */
  private void closeGently() {
    if (closing && current == null) {
      return;
    }
    closing = true;
    current = null;
    dropWaiting();
    boolean nothingMore = requestComplete || inputClosed;
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            done -> {
              if (nothingMore
                  || !done.isSuccess()
                  || ctx.pipeline().get(SslHandler.class) != null) {
                ctx.close();
                return;
              }
              ReadThrottle.resume(ctx.channel());
              if (ctx.channel() instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
              }
              ctx.executor().schedule(() -> ctx.close(), LINGER.toMillis(), TimeUnit.MILLISECONDS);
            });
  }

  private void expired() {
    if (current != null && !handlerDone) {
      return;
    }
    if (everServed) {
      ctx.close();
    } else {
      refuse(408, "Request Timeout", "408 Request Timeout");
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputClosed = true;
      Http1Exchange exchange = current;
      if (exchange == null || closing) {
        ctx.close();
      } else {
        exchange.clientClosedItsSide();
      }
    } else if (event == Drain.NOW) {
      draining = true;
      if (current == null) {
        closeGently();
      }
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    lost(new IOException("the connection was closed by the client"));
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    lost(cause);
    context.close();
  }

  private void lost(Throwable cause) {
    closing = true;
    Http1Exchange exchange = current;
    current = null;
    dropWaiting();
    if (exchange != null) {
      exchange.lost(cause);
    }
  }

  private void dropWaiting() {
    for (HttpObject part = waiting.poll(); part != null; part = waiting.poll()) {
      ReferenceCountUtil.release(part);
    }
  }

  /** Whether a message's version is 1.0 or older. */
  static boolean old(HttpMessage message) {
    return message.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0;
  }
}

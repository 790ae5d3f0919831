package io.kubra.transport.http;

import io.kubra.transport.io.InboundBytes;
import io.kubra.transport.io.OutboundGate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all exchanges share, whatever carries them: the life cycle, the body, the two ways to
 * answer. A subclass says how to {@link #send} and how to {@link #breakOff}; both come from the
 * thread that handles the request. It reports {@link #gone} from wherever it learns of it.
 */
public abstract class BaseExchange implements HttpExchange {
  private static final Logger log = LoggerFactory.getLogger(BaseExchange.class);

  /**
   * Status and headers of a response.
   *
   * @param contentLength the body's length; -1 when it is not known
   */
  public record Head(int status, HttpHeaders headers, long contentLength) {}

  private static final int MOST_AHEAD = 64 * 1024;
  private static final int LARGE = 64 * 1024;

  private final RequestLine line;
  private final HttpHeaders headers;
  private final InboundBytes body;
  private final OutboundGate gate;
  private final Map<Class<?>, Object> attributes = new HashMap<>(4);
  private final Object closeLock = new Object();
  private @Nullable List<Runnable> closeCallbacks = new ArrayList<>(1);
  private @Nullable HttpHeaders answerHeaders;
  private boolean responded;
  private long responseSize = -1;
  private @Nullable ResponseStream stream;

  /** For a request that has arrived as far as its headers. */
  protected BaseExchange(RequestLine line, HttpHeaders headers, InboundBytes body) {
    this.line = line;
    this.headers = headers;
    this.body = body;
    this.gate = new OutboundGate(OutboundGate.DEFAULT_LIMIT, BaseExchange::clientGone);
    body.failingWith(BaseExchange::bodyFailure);
  }

  /**
   * Sends a part of the response without waiting: the head with the first part; the data, which is
   * taken over; the end with the last part. Reports the data's size to {@link #gate} once sent.
   */
  protected abstract void send(@Nullable Head head, ByteBuf data, boolean last);

  /** Makes the client see a broken response, or a broken connection. */
  protected abstract void breakOff();

  /** Called once on the handler's thread when the handler is done and the response was sent. */
  protected abstract void ended();

  /** Runs the handler to the end of the exchange, whatever it does. */
  public final void run(HttpHandler handler) {
    try {
      handler.handle(this);
      complete();
    } catch (ClientGoneException e) {
      log.debug("{} {}: {}", line.method(), line.path(), e.getMessage());
      breakOff();
    } catch (BodyTooLargeException e) {
      fail(413, "Request Entity Too Large", e);
    } catch (MalformedBodyException e) {
      fail(400, "Bad Request: " + e.getMessage(), e);
    } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError e) {
      if (!gate.failed()) {
        log.error("{} {} failed", line.method(), line.path(), e);
      }
      fail(500, "Internal Server Error", e);
    } finally {
      body.close();
      ended();
      runCloseCallbacks();
    }
  }

  private void complete() {
    if (stream != null) {
      stream.close();
    } else if (!responded) {
      log.error("{} {}: the handler gave no response", line.method(), line.path());
      fail(500, "Internal Server Error", null);
    }
  }

  private void fail(int status, String text, @Nullable Throwable why) {
    if (responded) {
      log.debug("response to {} {} broken off", line.method(), line.path(), why);
      breakOff();
    } else {
      respond(
          status,
          HttpHeaders.of("Content-Type", "text/plain; charset=utf-8"),
          (text + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Reports that the peer went away: writers and readers fail, callbacks run. */
  protected final void gone(@Nullable Throwable why) {
    gate.fail(why);
    body.fail(why == null ? new IOException("the client went away") : why);
    runCloseCallbacks();
  }

  /** Reports that the peer will send nothing more but may still listen: callbacks run. */
  protected final void inputClosed() {
    body.fail(new IOException("the client closed its side"));
    runCloseCallbacks();
  }

  private void runCloseCallbacks() {
    List<Runnable> callbacks;
    synchronized (closeLock) {
      callbacks = closeCallbacks;
      closeCallbacks = null;
    }
    if (callbacks != null && !callbacks.isEmpty()) {
      Thread.startVirtualThread(() -> callbacks.forEach(BaseExchange::runCallback));
    }
  }

  private static void runCallback(Runnable callback) {
    try {
      callback.run();
    } catch (RuntimeException e) {
      log.error("a close callback failed", e);
    }
  }

  @Override
  public final void onClose(Runnable callback) {
    synchronized (closeLock) {
      if (closeCallbacks != null) {
        closeCallbacks.add(callback);
        return;
      }
    }
    Thread.startVirtualThread(() -> runCallback(callback));
  }

  private static ClientGoneException clientGone(@Nullable Throwable cause) {
    return cause == null
        ? new ClientGoneException("the client went away")
        : new ClientGoneException("the client went away", cause);
  }

  private static Exception bodyFailure(Throwable cause) {
    return cause instanceof MalformedBodyException malformed ? malformed : clientGone(cause);
  }

  /** How much of the response may wait to be sent. */
  protected final OutboundGate gate() {
    return gate;
  }

  /** The request body as its producer sees it. */
  protected final InboundBytes inbound() {
    return body;
  }

  /** Marks the exchange as answered by other means, such as an upgrade. */
  protected final void takeOver() {
    if (responded) {
      throw new IllegalStateException("the exchange has been answered");
    }
    responded = true;
  }

  @Override
  public final boolean responded() {
    return responded;
  }

  @Override
  public final String method() {
    return line.method();
  }

  @Override
  public final String rawPath() {
    return line.path();
  }

  @Override
  public final @Nullable String rawQuery() {
    return line.query();
  }

  @Override
  public final String protocol() {
    return line.protocol();
  }

  @Override
  public final HttpHeaders headers() {
    return headers;
  }

  @Override
  public final <T> @Nullable T attribute(Class<T> type) {
    return type.cast(attributes.get(type));
  }

  @Override
  public final <T> void attribute(Class<T> type, T value) {
    attributes.put(type, value);
  }

  /** Attaches what came with a request made inside the process. */
  protected final void attributes(Map<Class<?>, Object> values) {
    attributes.putAll(values);
  }

  @Override
  public final InputStream body() {
    return body;
  }

  @Override
  public final byte[] readBody(int limit) {
    body.patienceForTheWhole();
    long announced = bodyLength();
    if (announced > limit) {
      throw new BodyTooLargeException(limit);
    }
    // what is only announced takes no memory beyond this
    ByteArrayOutputStream whole =
        new ByteArrayOutputStream(announced < 0 ? 1024 : (int) Math.min(announced, MOST_AHEAD));
    byte[] chunk = new byte[announced < 0 ? 8192 : (int) Math.clamp(announced, 1, MOST_AHEAD)];
    try {
      for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
        if (whole.size() + n > limit) {
          throw new BodyTooLargeException(limit);
        }
        whole.write(chunk, 0, n);
      }
    } catch (SocketTimeoutException e) {
      throw new ClientGoneException("the request body stalled: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new ClientGoneException("the request body broke off: " + e.getMessage(), e);
    }
    return whole.toByteArray();
  }

  @Override
  public final long bodyLength() {
    String length = headers.get("Content-Length");
    try {
      return length != null ? Long.parseLong(length) : body.ended() ? body.queued() : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  @Override
  public final void answerHeader(String name, String value) {
    if (answerHeaders == null) {
      answerHeaders = new HttpHeaders();
    }
    answerHeaders.add(name, value);
  }

  private HttpHeaders completed(HttpHeaders given) {
    if (answerHeaders == null) {
      return given;
    }
    HttpHeaders all = given.copy();
    answerHeaders.forEach(all::add);
    return all;
  }

  @Override
  public final void respond(int status, HttpHeaders responseHeaders, byte[]... chunks) {
    takeOver();
    ByteBuf data = Unpooled.wrappedBuffer(chunks);
    boolean bodiless = status < 200 || status == 204 || status == 304;
    long length = status == 204 || status < 200 ? -1 : data.readableBytes();
    if (bodiless || line.method().equals("HEAD")) {
      data = Unpooled.EMPTY_BUFFER;
    }
    if (status == 304) {
      length = -1;
    }
    int size = data.readableBytes();
    responseSize = size;
    Head head = new Head(status, completed(responseHeaders), length);
    Duration patience = size > LARGE ? answerPatience() : null;
    if (patience == null) {
      send(head, data, true);
      return;
    }
    // Whoever does not read must not collect answers: each counts as running until it has left.
    gate.enter(size);
    send(head, data, true);
    if (!gate.awaitLeft(patience)) {
      log.debug("{} {}: the client does not read the answer", line.method(), line.path());
      breakOff();
    }
  }

  /** How long a large answer may take to leave; null not to wait for that. */
  protected @Nullable Duration answerPatience() {
    return null;
  }

  @Override
  public final long responseSize() {
    return responseSize;
  }

  @Override
  public final ResponseStream start(int status, HttpHeaders responseHeaders) {
    takeOver();
    boolean bodiless =
        status < 200 || status == 204 || status == 304 || line.method().equals("HEAD");
    ResponseStream started =
        new BufferedResponseStream(
            this, new Head(status, completed(responseHeaders), -1), bodiless);
    stream = started;
    return started;
  }
}

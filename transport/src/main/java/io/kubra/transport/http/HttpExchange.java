package io.kubra.transport.http;

import io.kubra.transport.io.RawConnection;
import io.kubra.transport.spdy.SpdyConnection;
import io.kubra.transport.websocket.WebSocket;
import java.io.InputStream;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request and its answer. Belongs to the thread that handles it, except {@link #onClose}. */
public interface HttpExchange {
  /** The method, in capitals as sent. */
  String method();

  /** The path as sent, still percent-encoded, without the query. */
  String rawPath();

  /** The query as sent, still percent-encoded; null when there was no question mark. */
  @Nullable String rawQuery();

  /** The request's headers, without HTTP/2 pseudo headers ({@code Host} is always there). */
  HttpHeaders headers();

  /** {@code HTTP/1.1}, {@code HTTP/1.0} or {@code HTTP/2}. */
  String protocol();

  /**
   * The client's certificate chain, leaf first, verified against the server's client trust. Empty
   * when the client presented none, or one that was refused.
   */
  List<X509Certificate> peerCertificates();

  /** Why the certificate that the client presented was refused; null when there is no problem. */
  default @Nullable String peerCertificateProblem() {
    return null;
  }

  /** Where the request came from. */
  SocketAddress remoteAddress();

  /** Whether the request came over TLS. */
  boolean secure();

  /** Something attached to this exchange, for example an identity by an in-process client. */
  <T> @Nullable T attribute(Class<T> type);

  /** Attaches something to this exchange, replacing what was there under the same type. */
  <T> void attribute(Class<T> type, T value);

  /** The request body. Reading blocks; the client is held back while nobody reads. */
  InputStream body();

  /** How long the body is, as far as that is known before it is read; -1 if it is not. */
  long bodyLength();

  /**
   * Reads the whole body.
   *
   * @throws BodyTooLargeException when it has more than {@code limit} bytes
   * @throws ClientGoneException when the client went away before the end
   */
  byte[] readBody(int limit) throws BodyTooLargeException;

  /** Adds a header to whatever will be answered; before that. Upgrades do without. */
  default void answerHeader(String name, String value) {}

  /**
   * Sends a complete response; {@code Content-Length} is set here. The arrays are not copied and
   * must not change afterwards. Returns when a large response has left, and at once after a small
   * one.
   */
  void respond(int status, HttpHeaders headers, byte[]... chunks);

  /** Starts a response whose length is not known yet. Headers go out with the first flush. */
  ResponseStream start(int status, HttpHeaders headers);

  /** The size of the body that {@link #respond} sent; -1 without such a response. */
  long responseSize();

  /** Whether {@link #respond}, {@link #start} or an upgrade was called. */
  boolean responded();

  /**
   * Runs {@code callback} once, when the peer went away or the exchange ended, whichever is first;
   * at once when that has happened. It runs on a virtual thread of its own.
   */
  void onClose(Runnable callback);

  /** Whether the client asks to upgrade to {@code protocol} (case-insensitive), HTTP/1.1 only. */
  boolean isUpgrade(String protocol);

  /** The WebSocket subprotocols that the client offers, most wanted first. */
  default List<String> webSocketProtocols() {
    return headers().tokens("Sec-WebSocket-Protocol");
  }

  /**
   * Completes a WebSocket handshake; {@code subprotocol} empty for none.
   *
   * @throws UpgradeException when the handshake is not well formed; it has been answered
   */
  WebSocket acceptWebSocket(String subprotocol, HttpHeaders extra);

  /** Completes an upgrade to {@code SPDY/3.1}. The other side is the client. */
  SpdyConnection acceptSpdy(HttpHeaders responseHeaders);

  /**
   * Completes a WebSocket handshake and speaks SPDY/3.1 inside its binary messages, as {@code
   * SPDY/3.1+portforward.k8s.io} wants it.
   */
  SpdyConnection acceptSpdyOverWebSocket(String subprotocol, HttpHeaders extra);

  /** Answers 101 with the given headers (which name the protocol) and hands out the raw bytes. */
  RawConnection acceptUpgrade(HttpHeaders responseHeaders);
}

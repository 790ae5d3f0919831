package io.kubra.apiserver.audit;

import io.kubra.transport.http.BodyTooLargeException;
import io.kubra.transport.http.HttpExchange;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.ResponseStream;
import io.kubra.transport.io.RawConnection;
import io.kubra.transport.spdy.SpdyConnection;
import io.kubra.transport.websocket.WebSocket;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * An exchange whose bodies and status pass the request's audit record on their way. Ends with
 * {@link #complete}.
 */
public final class AuditedExchange implements HttpExchange {
  private static final String ID = "Audit-Id";

  private final HttpExchange exchange;
  private final AuditRecord record;
  private final Auditor auditor;
  private final boolean lasting;
  private boolean ended;

  AuditedExchange(HttpExchange exchange, AuditRecord record, Auditor auditor, boolean lasting) {
    this.exchange = exchange;
    this.record = record;
    this.auditor = auditor;
    this.lasting = lasting;
    exchange.answerHeader(ID, record.id());
  }

  /** Takes notes on the request. */
  public AuditAnnotations annotations() {
    return record;
  }

  /** Records that the request has been answered. */
  public void complete() {
    if (!ended) {
      ended = true;
      auditor.emit(record, AuditStage.RESPONSE_COMPLETE);
    }
  }

  /** Records that the server failed unexpectedly; in place of {@link #complete}. */
  public void panicked() {
    if (!ended) {
      ended = true;
      auditor.emit(record, AuditStage.PANIC);
    }
  }

  private void started(int code) {
    record.responded(code, null, "");
    if (lasting) {
      auditor.emit(record, AuditStage.RESPONSE_STARTED);
    }
  }

  @Override
  public long bodyLength() {
    return exchange.bodyLength();
  }

  @Override
  public byte[] readBody(int limit) throws BodyTooLargeException {
    byte[] body = exchange.readBody(limit);
    record.requestBody(body, exchange.headers().getOr("Content-Type", ""));
    return body;
  }

  @Override
  public void respond(int status, HttpHeaders headers, byte[]... chunks) {
    byte @Nullable [] body = null;
    if (status >= 400 || record.decision().level() == AuditLevel.REQUEST_RESPONSE) {
      body = plain(headers, chunks);
    }
    record.responded(status, body, headers.getOr("Content-Type", ""));
    if (lasting) {
      auditor.emit(record, AuditStage.RESPONSE_STARTED);
    }
    exchange.respond(status, headers, chunks);
  }

  private static byte[] plain(HttpHeaders headers, byte[]... chunks) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] chunk : chunks) {
      all.writeBytes(chunk);
    }
    byte[] body = all.toByteArray();
    if (!"gzip".equals(headers.get("Content-Encoding"))) {
      return body;
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return in.readAllBytes();
    } catch (IOException e) {
      return new byte[0];
    }
  }

  @Override
  public ResponseStream start(int status, HttpHeaders headers) {
    started(status);
    return exchange.start(status, headers);
  }

  @Override
  public WebSocket acceptWebSocket(String subprotocol, HttpHeaders extra) {
    started(101);
    return exchange.acceptWebSocket(subprotocol, extra);
  }

  @Override
  public SpdyConnection acceptSpdy(HttpHeaders responseHeaders) {
    started(101);
    return exchange.acceptSpdy(responseHeaders);
  }

  @Override
  public SpdyConnection acceptSpdyOverWebSocket(String subprotocol, HttpHeaders extra) {
    started(101);
    return exchange.acceptSpdyOverWebSocket(subprotocol, extra);
  }

  @Override
  public RawConnection acceptUpgrade(HttpHeaders responseHeaders) {
    started(101);
    return exchange.acceptUpgrade(responseHeaders);
  }

  @Override
  public void answerHeader(String name, String value) {
    exchange.answerHeader(name, value);
  }

  @Override
  public String method() {
    return exchange.method();
  }

  @Override
  public String rawPath() {
    return exchange.rawPath();
  }

  @Override
  public @Nullable String rawQuery() {
    return exchange.rawQuery();
  }

  @Override
  public HttpHeaders headers() {
    return exchange.headers();
  }

  @Override
  public String protocol() {
    return exchange.protocol();
  }

  @Override
  public List<X509Certificate> peerCertificates() {
    return exchange.peerCertificates();
  }

  @Override
  public @Nullable String peerCertificateProblem() {
    return exchange.peerCertificateProblem();
  }

  @Override
  public SocketAddress remoteAddress() {
    return exchange.remoteAddress();
  }

  @Override
  public boolean secure() {
    return exchange.secure();
  }

  @Override
  public <T> @Nullable T attribute(Class<T> type) {
    return exchange.attribute(type);
  }

  @Override
  public <T> void attribute(Class<T> type, T value) {
    exchange.attribute(type, value);
  }

  @Override
  public InputStream body() {
    return exchange.body();
  }

  @Override
  public long responseSize() {
    return exchange.responseSize();
  }

  @Override
  public boolean responded() {
    return exchange.responded();
  }

  @Override
  public void onClose(Runnable callback) {
    exchange.onClose(callback);
  }

  @Override
  public boolean isUpgrade(String protocol) {
    return exchange.isUpgrade(protocol);
  }

  @Override
  public List<String> webSocketProtocols() {
    return exchange.webSocketProtocols();
  }
}

package io.kubra.apiserver.discovery;

import io.kubra.apiserver.request.RequestContext;
import io.kubra.transport.http.HttpHeaders;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A document that never changes, with a hash of its content. Larger ones are kept compressed only:
 * nearly every client accepts that form, and the few others pay for it.
 */
public final class CachedDocument {
  private static final int COMPRESS_FROM = 16 * 1024;

  private final String contentType;
  private final String hash;
  private final boolean compressed;
  private final byte[] stored;

  /** Takes over the content. */
  public CachedDocument(String contentType, byte[] content) {
    this.contentType = contentType;
    this.hash = sha512(content);
    this.compressed = content.length >= COMPRESS_FROM;
    this.stored = compressed ? gzip(content) : content;
  }

  /** The content's hash in upper case hexadecimal, as it shows up in ETags. */
  public String hash() {
    return hash;
  }

  /** The content. */
  public byte[] content() {
    return compressed ? gunzip(stored) : stored;
  }

  /** Answers the request: with the document, or with 304 if the client has it already. */
  public void send(RequestContext context) {
    HttpHeaders headers = new HttpHeaders();
    headers.set("Cache-Control", "public");
    send(context, headers);
  }

  /** As {@link #send(RequestContext)}, with headers of the caller's. */
  public void send(RequestContext context, HttpHeaders headers) {
    HttpHeaders asked = context.exchange().headers();
    String etag = "\"" + hash + "\"";
    headers.set("ETag", etag).set("Vary", "Accept, Accept-Encoding");
    for (String known : asked.tokens("If-None-Match")) {
      if (known.equals(etag) || known.equals("W/" + etag) || known.equals("*")) {
        context.exchange().respond(304, headers);
        return;
      }
    }
    headers.set("Content-Type", contentType);
    if (compressed && acceptsGzip(asked)) {
      headers.set("Content-Encoding", "gzip");
      context.exchange().respond(200, headers, stored);
    } else {
      context.exchange().respond(200, headers, content());
    }
  }

  private static boolean acceptsGzip(HttpHeaders asked) {
    for (String coding : asked.tokens("Accept-Encoding")) {
      String wanted = coding.replace(" ", "").toLowerCase(Locale.ROOT);
      if (wanted.equals("gzip")
          || (wanted.startsWith("gzip;q=") && !wanted.matches(".*=0(\\.0*)?"))) {
        return true;
      }
    }
    return false;
  }

  private static String sha512(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-512").digest(content);
      return HexFormat.of().withUpperCase().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] gzip(byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(content.length / 8);
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] gunzip(byte[] content) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(content))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

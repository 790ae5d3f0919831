package io.kubra.transport.http;

import io.kubra.transport.TestCertificates;
import io.kubra.transport.tls.ClientTls;
import io.kubra.transport.tls.ServerTls;
import java.net.URI;

/** The ways in which our client and our server can talk to each other. */
enum TestWire {
  PLAIN_1,
  PLAIN_2,
  TLS_1,
  TLS_2;

  static final TestCertificates CERTIFICATES = new TestCertificates("test-ca");

  boolean tls() {
    return this == TLS_1 || this == TLS_2;
  }

  boolean http2() {
    return this == PLAIN_2 || this == TLS_2;
  }

  HttpServer.Builder server() {
    HttpServer.Builder builder = HttpServer.builder();
    return tls()
        ? builder.tls(ServerTls.of(CERTIFICATES.server("localhost"), CERTIFICATES.trust()))
        : builder;
  }

  HttpServer start(HttpHandler handler) {
    return server().handler(handler).start();
  }

  HttpClient.Builder client() {
    return HttpClient.builder()
        .tls(ClientTls.trusting(CERTIFICATES.trust()))
        .http2(this == TLS_2)
        .http2PriorKnowledge(this == PLAIN_2);
  }

  URI uri(HttpServer server, String path) {
    return URI.create((tls() ? "https" : "http") + "://127.0.0.1:" + server.port() + path);
  }
}

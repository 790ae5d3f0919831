package io.kubra.transport.http;

import io.kubra.transport.tls.PeerVerifier;
import io.kubra.transport.tls.ServerTls;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** What the exchanges of one accepted connection have in common. */
final class ServerConnection {
  private record Peer(List<X509Certificate> certificates, @Nullable String problem) {}

  private static final Peer NO_CERTIFICATE = new Peer(List.of(), null);

  final Channel channel;
  final HttpServer.Builder config;
  private final SocketAddress remoteAddress;
  private final boolean secure;
  private volatile @Nullable Peer peer;

  ServerConnection(Channel channel, HttpServer.Builder config) {
    this.channel = channel;
    this.config = config;
    this.secure = config.tls != null;
    this.remoteAddress =
        Objects.requireNonNullElse(channel.remoteAddress(), channel.localAddress());
  }

  SocketAddress remoteAddress() {
    return remoteAddress;
  }

  boolean secure() {
    return secure;
  }

  List<X509Certificate> peerCertificates() {
    return peer().certificates;
  }

  @Nullable String peerCertificateProblem() {
    return peer().problem;
  }

  private Peer peer() {
    Peer known = peer;
    if (known == null) {
      known = judge();
      peer = known;
    }
    return known;
  }

  private Peer judge() {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    ServerTls settings = config.tls;
    if (tls == null || settings == null) {
      return NO_CERTIFICATE;
    }
    List<X509Certificate> chain = new ArrayList<>(2);
    try {
      for (Certificate certificate : tls.engine().getSession().getPeerCertificates()) {
        chain.add((X509Certificate) certificate);
      }
    } catch (SSLPeerUnverifiedException e) {
      return NO_CERTIFICATE;
    }
    try {
      PeerVerifier.verifyClient(chain, settings.clientTrust().get());
      return new Peer(List.copyOf(chain), null);
    } catch (CertificateException e) {
      return new Peer(List.of(), Objects.requireNonNullElse(e.getMessage(), e.toString()));
    }
  }
}

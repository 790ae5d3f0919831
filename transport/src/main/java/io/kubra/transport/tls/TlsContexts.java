package io.kubra.transport.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.util.List;
import javax.net.ssl.SSLException;

/** Builds TLS contexts whose keys and trust follow their suppliers. */
public final class TlsContexts {
  private static final String RENEGOTIATION = "jdk.tls.rejectClientInitiatedRenegotiation";

  private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

  static {
    // A client of TLS 1.2 could else make the server shake hands again and again on one connection.
    if (System.getProperty(RENEGOTIATION) == null) {
      System.setProperty(RENEGOTIATION, "true");
    }
  }

  private TlsContexts() {}

  /**
   * A context for a server. Client certificates are asked for, never demanded, never judged here.
   */
  public static SslContext server(ServerTls config, boolean http2) {
    boolean ask = !config.clientTrust().get().isEmpty();
    try {
      return SslContextBuilder.forServer(new ReloadingKeys(config.key()))
          .sslProvider(SslProvider.JDK)
          .protocols(VERSIONS)
          .trustManager(new AskingTrust(config.clientTrust()))
          .clientAuth(ask ? ClientAuth.OPTIONAL : ClientAuth.NONE)
          .applicationProtocolConfig(alpn(http2))
          .build();
    } catch (SSLException e) {
      throw new IllegalArgumentException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  /** A context for a client. */
  public static SslContext client(ClientTls config, boolean http2) {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .protocols(VERSIONS)
            .applicationProtocolConfig(alpn(http2));
    switch (config.trust()) {
      case ClientTls.Trust.Authorities some ->
          builder.trustManager(new ReloadingTrust(some.certificates()));
      case ClientTls.Trust.Everyone everyone ->
          builder.trustManager(new AskingTrust(List::of)).endpointIdentificationAlgorithm(null);
      case ClientTls.Trust.Machine machine -> {}
    }
    if (config.key() != null) {
      builder.keyManager(new ReloadingKeys(config.key()));
    }
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalArgumentException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  private static ApplicationProtocolConfig alpn(boolean http2) {
    SelectorFailureBehavior noMatch = SelectorFailureBehavior.NO_ADVERTISE;
    SelectedListenerFailureBehavior accept = SelectedListenerFailureBehavior.ACCEPT;
    return http2
        ? new ApplicationProtocolConfig(
            Protocol.ALPN,
            noMatch,
            accept,
            ApplicationProtocolNames.HTTP_2,
            ApplicationProtocolNames.HTTP_1_1)
        : new ApplicationProtocolConfig(
            Protocol.ALPN, noMatch, accept, ApplicationProtocolNames.HTTP_1_1);
  }
}

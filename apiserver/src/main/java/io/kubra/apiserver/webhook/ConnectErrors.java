package io.kubra.apiserver.webhook;

import io.kubra.transport.http.ResponseTimeoutException;
import io.kubra.transport.http.TransportException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Why a connection failed, in the words that users of Kubernetes search for. */
final class ConnectErrors {
  private static final Pattern ADDRESS = Pattern.compile("/?([0-9a-fA-F.:\\[\\]]+:[0-9]+)$");

  private ConnectErrors() {}

  static String describe(TransportException failure) {
    String text = "";
    for (Throwable t = failure; t != null; t = t.getCause()) {
      switch (t) {
        case ResponseTimeoutException e -> {
          return "context deadline exceeded";
        }
        case NoRouteToHostException e -> {
          return dial(e) + "connect: no route to host";
        }
        case ConnectException e -> {
          return dial(e)
              + (String.valueOf(e.getMessage()).contains("timed out")
                  ? "i/o timeout"
                  : "connect: connection refused");
        }
        case UnknownHostException e -> {
          String host = String.valueOf(e.getMessage()).split(":", 2)[0];
          return "dial tcp: lookup " + host + ": no such host";
        }
        case CertificateExpiredException e -> {
          return certificate("certificate has expired or is not yet valid: " + e.getMessage());
        }
        case CertPathValidatorException e -> text = untrusted();
        case CertificateException e -> text = certificate(String.valueOf(e.getMessage()));
        case SSLException e -> text = text.isEmpty() ? String.valueOf(e.getMessage()) : text;
        default -> {}
      }
      if (t.getClass().getName().endsWith("SunCertPathBuilderException")) {
        text = untrusted();
      }
    }
    return text.isEmpty() ? String.valueOf(failure.getMessage()) : text;
  }

  private static String untrusted() {
    return certificate("certificate signed by unknown authority");
  }

  private static String certificate(String why) {
    return "tls: failed to verify certificate: x509: " + why;
  }

  private static String dial(Exception e) {
    Matcher address = ADDRESS.matcher(String.valueOf(e.getMessage()));
    return address.find() ? "dial tcp " + address.group(1) + ": " : "dial tcp: ";
  }
}

package io.kubra.apiserver.request;

/** One check of {@code /livez}, {@code /readyz} and {@code /healthz}. */
public interface HealthCheck {

  /** The check's name in the path and in verbose output. */
  String name();

  /** Throws if the server is not well. */
  void check() throws Exception;
}

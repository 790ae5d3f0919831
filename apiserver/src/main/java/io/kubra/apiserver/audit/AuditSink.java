package io.kubra.apiserver.audit;

import java.util.List;
import java.util.Map;

/** Takes events somewhere. Called concurrently; must not fail a request. */
public interface AuditSink extends AutoCloseable {

  /** Takes events, as trees that nobody changes any more. */
  void accept(List<Map<String, Object>> events);

  /** Writes out what is still held back. */
  @Override
  void close();
}

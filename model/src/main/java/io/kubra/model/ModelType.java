package io.kubra.model;

import java.io.ByteArrayOutputStream;
import tools.jackson.core.JsonGenerator;

/** A record of the typed model: a value that writes itself as JSON. */
public interface ModelType {
  /** Writes this value as one JSON object. */
  void write(JsonGenerator g);

  /** This value as UTF-8 JSON. */
  default byte[] toJson() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    try (JsonGenerator g = Codec.generator(out)) {
      write(g);
    }
    return out.toByteArray();
  }
}

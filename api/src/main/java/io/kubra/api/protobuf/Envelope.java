package io.kubra.api.protobuf;

/**
 * The frame around an object's message: four bytes that mark it, then kind, version and content.
 */
final class Envelope {
  private static final byte[] MAGIC = {'k', '8', 's', 0};

  private Envelope() {}

  static boolean isPresent(byte[] body) {
    if (body.length < MAGIC.length) {
      return false;
    }
    for (int i = 0; i < MAGIC.length; i++) {
      if (body[i] != MAGIC[i]) {
        return false;
      }
    }
    return true;
  }

  /** What an envelope holds. */
  record Content(String apiVersion, String kind, byte[] raw, String contentType) {}

  static Content open(byte[] body) {
    if (!isPresent(body)) {
      throw new IllegalArgumentException(
          "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
    }
    ProtobufInput in = new ProtobufInput(body, MAGIC.length, body.length);
    String apiVersion = "";
    String kind = "";
    String contentType = "";
    byte[] raw = {};
    while (!in.done()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 | ProtobufOutput.BYTES -> {
          ProtobufInput type = in.message();
          while (!type.done()) {
            int inner = type.tag();
            switch (inner >>> 3) {
              case 1 -> apiVersion = type.string();
              case 2 -> kind = type.string();
              default -> type.skip(inner & 7);
            }
          }
        }
        case 2 << 3 | ProtobufOutput.BYTES -> raw = in.bytes();
        case 4 << 3 | ProtobufOutput.BYTES -> contentType = in.string();
        default -> in.skip(tag & 7);
      }
    }
    return new Content(apiVersion, kind, raw, contentType);
  }

  /** Closes the envelope over the message written since the start of {@code out}. */
  static byte[] close(ProtobufOutput out, String apiVersion, String kind) {
    out.close(2, 0);
    int mark = out.mark();
    out.string(2, kind);
    out.string(1, apiVersion);
    out.close(1, mark);
    out.raw(MAGIC);
    return out.toByteArray();
  }
}

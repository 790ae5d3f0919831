package io.kubra.apiserver.encoding;

/**
 * What a client wants to get.
 *
 * @param tableVersion the version of meta.k8s.io for tables and partial metadata
 */
public record OutputFormat(Encoding encoding, View view, String tableVersion, boolean pretty) {

  /** JSON as it is stored. */
  public static final OutputFormat JSON = new OutputFormat(Encoding.JSON, View.OBJECT, "v1", false);

  /** The encodings. */
  public enum Encoding {
    JSON("application/json"),
    YAML("application/yaml"),
    PROTOBUF("application/vnd.kubernetes.protobuf");

    private final String mediaType;

    Encoding(String mediaType) {
      this.mediaType = mediaType;
    }

    public String mediaType() {
      return mediaType;
    }
  }

  /** What is shown of an object. */
  public enum View {
    /** All of it. */
    OBJECT,
    /** Its metadata only. */
    METADATA,
    /** A row of a table. */
    TABLE
  }

  /** Whether stored bytes can be sent as they are. */
  public boolean isStoredForm() {
    return encoding == Encoding.JSON && view == View.OBJECT && !pretty;
  }
}

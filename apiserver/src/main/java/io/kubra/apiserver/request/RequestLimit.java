package io.kubra.apiserver.request;

/** Decides when a request is worked on, and which are refused because there are too many. */
public interface RequestLimit {

  /** A request's turn; ends when it is closed, the second time nothing happens. */
  interface Turn extends AutoCloseable {
    /** Takes nobody's place. */
    Turn FREE = () -> {};

    @Override
    void close();
  }

  /**
   * Waits for the request's turn.
   *
   * @throws io.kubra.api.status.ApiException 429 if it is refused
   */
  Turn enter(RequestContext c);

  /** Whether a request is a connection, which lasts as long as its client likes. */
  static boolean lasts(RequestInfo info) {
    return switch (info.subresource()) {
      case "exec", "attach", "portforward", "log", "proxy" -> true;
      default -> false;
    };
  }
}

package io.kubra.apiserver.audit;

/** When in the life of a request an event is recorded. */
public enum AuditStage {
  /** The request was authenticated, and nothing has been done for it yet. */
  REQUEST_RECEIVED("RequestReceived"),
  /** The headers of a watch or connection were sent; also: the sender could not be made out. */
  RESPONSE_STARTED("ResponseStarted"),
  /** The response is complete. */
  RESPONSE_COMPLETE("ResponseComplete"),
  /** The server failed in a way it was not written for. */
  PANIC("Panic");

  private final String text;

  AuditStage(String text) {
    this.text = text;
  }

  /** The name in policies and events. */
  public String text() {
    return text;
  }
}

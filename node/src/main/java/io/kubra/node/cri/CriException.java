package io.kubra.node.cri;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** The runtime refused a call, or could not be reached. */
public final class CriException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Status.Code code;

  CriException(StatusRuntimeException cause) {
    super(text(cause), cause);
    this.code = cause.getStatus().getCode();
  }

  private static String text(StatusRuntimeException cause) {
    String description = cause.getStatus().getDescription();
    return "rpc error: code = "
        + codeName(cause.getStatus().getCode())
        + " desc = "
        + (description == null ? "" : description);
  }

  /** The code as the runtime's own tools and upstream's events write it, such as NotFound. */
  private static String codeName(Status.Code code) {
    StringBuilder name = new StringBuilder();
    for (String word : code.name().split("_")) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
    }
    return name.toString();
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /** The gRPC code. */
  public Status.Code code() {
    return code;
  }

  /** What the runtime said, without the code. */
  public String description() {
    return getCause() instanceof StatusRuntimeException e && e.getStatus().getDescription() != null
        ? e.getStatus().getDescription()
        : "";
  }

  /** Whether the thing asked for does not exist. */
  public boolean notFound() {
    return code == Status.Code.NOT_FOUND;
  }

  /** Whether the call ended because its time was up. */
  public boolean timedOut() {
    return code == Status.Code.DEADLINE_EXCEEDED;
  }

  /** Whether the runtime could not be reached. */
  public boolean unavailable() {
    return code == Status.Code.UNAVAILABLE;
  }

  /** Whether the calling thread was interrupted. */
  public boolean interrupted() {
    return code == Status.Code.CANCELLED;
  }
}
